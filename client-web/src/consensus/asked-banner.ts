// What everybody but the asking chair sees while “Any objection?” is asked: on which section, and one button.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api } from '../connection';
import type { Pause } from '../connection';
import { objectTo } from './position-dialogs';
import { tell } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { sayProblem, w } from '../ui/words';

async function object(session: GroupSession, pause: Pause): Promise<void> {
  const result = await api.object(session.slug, pause.id);
  if (!result.ok) return tell(sayProblem(result), 'refused');
  // The pause is over at once; for the reason there is time now.
  const section = session.report?.sections.find((s) => s.id === pause.section);
  if (section !== undefined && session.group?.role === 'member') await objectTo({ group: session.slug, report: pause.report }, section);
}

export function askedBanner(session: GroupSession): readonly TemplateResult[] {
  return session.pauses.map((pause) => {
    const section = session.report?.sections.find((s) => s.id === pause.section);
    const place = section === undefined ? w.decide.aSection : w.toSection(section.number, section.title);
    return html`<p class="trouble asked" role="alert">
      ${w.decide.asked(place)}
      ${session.can('object') ? html`<button class="small" @click=${() => void object(session, pause)}>${w.decide.object}</button>` : nothing}
    </p>`;
  });
}
