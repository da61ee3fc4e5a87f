// The outline beside the report: every section with its number, title and status mark; for chair and secretariat also
// adding, moving and joining sections, by buttons and by Alt and arrow keys.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { isClosedPhase } from '../closing/phase';
import { api, commandKey } from '../connection';
import type { OutlineCommand, Report, Section } from '../connection';
import { statusSign } from '../consensus/status';
import { speak, tell } from './announcer';
import { ask } from './dialog';
import type { GroupSession } from './group-session';
import { OutlineDrag } from './outline-drag';
import { moveDown, moveInside, moveOutside, moveTo, moveUp } from './outline-moves';
import type { Move } from './outline-moves';
import { paths } from './router';
import { View } from './view';
import { sayProblem, w } from './words';

/** Sends one outline command; a moved version is fetched and the person looks again. */
export async function changeOutline(session: GroupSession, command: OutlineCommand): Promise<string | null | false> {
  const report = session.report;
  if (report === null) return false;
  const place = { group: session.slug, report: report.slug };
  const result = await api.outline(place, report.version, command, commandKey());
  if (!result.ok) tell(result.message === '' && result.problem === 'conflict' ? w.outline.stale : sayProblem(result), 'refused');
  await session.fetchReport();
  return result.ok && result.value.section;
}

/** Brackets of a section's own text and of all that it holds. */
function bracketsWithin(sections: readonly Section[], index: number): number {
  const depth = sections[index]?.depth ?? 0;
  let sum = sections[index]?.brackets ?? 0;
  for (let i = index + 1; (sections[i]?.depth ?? 0) > depth; i += 1) sum += sections[i]?.brackets ?? 0;
  return sum;
}

const kinds = ['section', 'box', 'annex', 'alternative'] as const;

/** On a phone the outline is folded away until asked for. */
function isWide(): boolean {
  return typeof matchMedia !== 'function' || matchMedia('(min-width: 64rem)').matches;
}

class OutlineElement extends View {
  static override readonly properties = {
    session: { attribute: false },
    report: { attribute: false },
    current: { attribute: false },
  };
  declare session: GroupSession;
  declare report: Report;
  declare current: string | null;
  private editing = false;
  private readonly drag = new OutlineDrag(this, this.again, (id, { target, place }) => {
    const { sections } = this.report;
    const section = sections.find((s) => s.id === id);
    if (section !== undefined) void this.move(section, moveTo(sections, id, target, place));
  });

  private async add(parent: string | null, after: string | null): Promise<void> {
    const reply = await ask({
      title: parent === null ? w.outline.add : w.outline.addInside,
      body: html`<label>${w.outline.newTitle}<input name="title" maxlength="300" required autocomplete="off" dir="auto" /></label>
        <label
          >${w.outline.kind}<select name="kind">
            ${kinds.map((kind) => html`<option value=${kind}>${w.outline.kinds[kind]}</option>`)}
          </select></label
        >`,
      yes: w.outline.addDo,
    });
    const kind = kinds.find((k) => k === reply.fields.get('kind')) ?? 'section';
    const title = (reply.fields.get('title') ?? '').trim();
    if (!reply.yes || title === '') return;
    const section = await changeOutline(this.session, { command: 'add', title, parent, after, kind });
    if (typeof section === 'string') location.hash = section;
  }

  private async move(section: Section, to: Move | null): Promise<void> {
    if (to === null) return;
    const done = await changeOutline(this.session, { command: 'move', section: section.id, ...to });
    if (done === false) return;
    speak(w.outline.moved(section.title));
    await this.updateComplete;
    this.querySelector<HTMLElement>(`a[data-section="${CSS.escape(section.id)}"]`)?.focus();
  }

  private async join(section: Section, into: Section): Promise<void> {
    const reply = await ask({
      title: w.outline.joinTitle(section.title, into.title),
      hint: w.outline.joinHint,
      yes: w.outline.joinDo,
    });
    if (reply.yes) await changeOutline(this.session, { command: 'merge', section: section.id, into: into.id });
  }

  /** On a phone the list goes away once a section is chosen. */
  private readonly fold = (event: Event): void => {
    const onLink = event.target instanceof Element && event.target.closest('a') !== null;
    const details = this.querySelector<HTMLDetailsElement>('.fold');
    if (onLink && details !== null && !isWide()) details.open = false;
  };

  private readonly onKey = (event: KeyboardEvent, section: Section): void => {
    if (!this.mayShape || !event.altKey) return;
    const { sections } = this.report;
    const rtl = getComputedStyle(this).direction === 'rtl';
    const inward = rtl ? 'ArrowLeft' : 'ArrowRight';
    const outward = rtl ? 'ArrowRight' : 'ArrowLeft';
    const moves: Readonly<Record<string, Move | null>> = {
      ArrowUp: moveUp(sections, section.id),
      ArrowDown: moveDown(sections, section.id),
      [inward]: moveInside(sections, section.id),
      [outward]: moveOutside(sections, section.id),
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    void this.move(section, moves[event.key] ?? null);
  };

  private item(section: Section, index: number): TemplateResult {
    const { sections } = this.report;
    const sign = statusSign(section.status);
    const inside = bracketsWithin(sections, index);
    const mayEdit = this.editing && this.mayShape;
    const above = sections[index - 1];
    const name = `${sign.name}${section.status.fresh ? '' : `, ${w.status.changedSince}`}`;
    const { dragged, drop } = this.drag;
    const over = drop?.target === section.id && dragged !== null && moveTo(sections, dragged, section.id, drop.place) !== null;
    return html`<li
      class="depth-${Math.min(3, section.depth)} ${over ? `drop-${drop.place}` : ''} ${dragged === section.id ? 'dragged' : ''}"
      data-item=${section.id}
    >
      ${mayEdit
        ? html`<span class="grip" title=${w.outline.drag} aria-hidden="true" @pointerdown=${(event: PointerEvent) => this.drag.start(event, section.id)}>⠿</span>`
        : nothing}
      <a
        data-section=${section.id}
        href=${paths.report(this.session.slug, this.report.slug, section.id)}
        aria-current=${section.id === this.current ? 'true' : nothing}
        @keydown=${(event: KeyboardEvent) => this.onKey(event, section)}
      >
        <bdi class="no">${section.number}</bdi>
        <span class="name" dir="auto">${section.title === '' ? w.outline.untitled : section.title}</span>
        <span class="signs"
          >${inside === 0
            ? nothing
            : html`<span class="inside" title=${w.status.brackets(inside)} aria-label=${w.status.brackets(inside)} role="img">[${inside}]</span> `}<span class="mark ${sign.tone}" title=${name} aria-label=${name} role="img">${sign.tone === 'changed' && !section.status.reopened ? w.status.changedShort : sign.mark}</span></span
        >
      </a>
      ${mayEdit
        ? html`<div class="moves">
            ${this.mover('↑', w.outline.up, section, moveUp(sections, section.id))}
            ${this.mover('↓', w.outline.down, section, moveDown(sections, section.id))}
            ${this.mover('→', w.outline.inside, section, moveInside(sections, section.id))}
            ${this.mover('←', w.outline.outside, section, moveOutside(sections, section.id))}
            <button class="icon" title=${w.outline.addInside} aria-label=${w.outline.addInside} @click=${() => void this.add(section.id, null)}>+</button>
            <button
              class="icon"
              title=${w.outline.join}
              aria-label=${w.outline.join}
              ?disabled=${above === undefined || section.status.closed || above.status.closed}
              @click=${() => above !== undefined && void this.join(section, above)}
            >⤒</button>
          </div>`
        : nothing}
    </li>`;
  }

  private mover(sign: string, label: string, section: Section, to: Move | null): TemplateResult {
    return html`<button class="icon mover" title=${label} aria-label=${label} ?disabled=${to === null} @click=${() => void this.move(section, to)}>
      ${sign}
    </button>`;
  }

  /** A closed report keeps its outline. */
  private get mayShape(): boolean {
    return this.session.can('outline') && !isClosedPhase(this.session.report);
  }

  protected override render(): TemplateResult {
    const { sections } = this.report;
    const last = sections.filter((s) => s.parent === null).at(-1)?.id ?? null;
    return html`<details class="fold" ?open=${isWide()}><summary>${w.nav.outline}</summary><nav class="outline" aria-label=${w.nav.outline}>
      <p class="tally"><bdi>${this.report.chapterLine}</bdi></p>
      <ol @click=${this.fold}>
        ${sections.map((section, index) => this.item(section, index))}
      </ol>
      ${this.mayShape
        ? html`<div class="row">
              <button class="small" aria-pressed=${this.editing} @click=${() => {
                this.editing = !this.editing;
                this.requestUpdate();
              }}>${this.editing ? w.outline.done : w.outline.edit}</button>
              <button class="small" @click=${() => void this.add(null, last)}>${w.outline.add}</button>
            </div>
            ${this.editing ? html`<p class="hint">${w.outline.keysHint}</p>` : nothing}`
        : nothing}
    </nav></details>`;
  }
}
customElements.define('bossey-outline', OutlineElement);
