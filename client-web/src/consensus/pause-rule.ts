// The chair's rule of the group: how long “Any objection?” is asked before a decision.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api, commandKey } from '../connection';
import { tell } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { sayProblem, w } from '../ui/words';

async function set(session: GroupSession, field: HTMLInputElement): Promise<void> {
  const seconds = Number(field.value);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > 60 || field.value === '') return tell(w.positions.pauseBad, 'refused');
  const result = await api.setObjectionPause(session.slug, seconds, commandKey());
  if (!result.ok) return tell(sayProblem(result), 'refused');
  tell(w.positions.pauseSet);
  void session.refresh();
}

export function pauseRule(session: GroupSession): TemplateResult | typeof nothing {
  if (!session.can('decide') || session.group === null) return nothing;
  return html`<label class="pause-rule"
    >${w.positions.pauseRule}
    <input
      type="number"
      min="0"
      max="60"
      inputmode="numeric"
      .value=${String(session.group.objectionPauseS)}
      @change=${(event: Event) => void set(session, event.target as HTMLInputElement)}
  /></label>`;
}
