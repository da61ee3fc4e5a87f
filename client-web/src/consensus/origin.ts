// Where a section comes from that was copied from another report, and what was edited since.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { textApi } from '../connection';
import type { Redline, Section } from '../connection';
import { redlineInline } from '../history/redline-template';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { View } from '../ui/view';
import { sayProblem, w } from '../ui/words';

export function originOf(section: Section, session: GroupSession, slug: string): TemplateResult | typeof nothing {
  if (section.origin == null) return nothing;
  return html`<bossey-origin .section=${section} .session=${session} .slug=${slug}></bossey-origin>`;
}

class OriginElement extends View {
  static override readonly properties = {
    section: { attribute: false },
    session: { attribute: false },
    slug: { attribute: false },
  };
  declare section: Section;
  declare session: GroupSession;
  declare slug: string;
  private redline: Redline | null = null;
  private problem: string | null = null;

  private readonly toggle = async (event: Event): Promise<void> => {
    if (!(event.currentTarget as HTMLDetailsElement).open) return;
    const result = await textApi.origin({ group: this.session.slug, report: this.slug }, this.section.id);
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.redline = result.value;
    this.requestUpdate();
  };

  protected override render(): TemplateResult | typeof nothing {
    const { origin } = this.section;
    if (origin == null) return nothing;
    return html`<details class="origin" @toggle=${this.toggle}>
      <summary><bdi>${origin.line}</bdi></summary>
      ${this.problem === null ? nothing : html`<p class="problem">${this.problem}</p>`}
      <p class="hint"><a href=${paths.report(this.session.slug, origin.report, origin.section)}>${w.derive.toOrigin}</a></p>
      ${this.redline === null ? nothing : html`<div class="words redline">${redlineInline(this.redline, true)}</div>`}
    </details>`;
  }
}
customElements.define('bossey-origin', OriginElement);
