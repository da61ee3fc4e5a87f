// The chair's line at the foot of the window: what is left, how many are present, next, undo.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Report } from '../connection';
import type { GroupSession } from '../ui/group-session';
import { signWords } from '../ui/header';
import { w } from '../ui/words';
import type { Chair } from './chair';
import { roomCounts } from './status';

interface BarFacts {
  readonly report: Report;
  readonly session: GroupSession;
  readonly chair: Chair;
  readonly next: () => void;
  readonly undo: () => void;
}

export function chairBar({ report, session, chair, next, undo }: BarFacts): TemplateResult {
  const counts = roomCounts(report.sections);
  return html`<div class="chair-bar" role="region" aria-label=${w.decide.consoleLabel}>
    <span>${w.decide.left(counts.left)}</span>
    ${counts.inBrackets > 0 ? html`<span>${w.decide.inBrackets(counts.inBrackets)}</span>` : nothing}
    ${session.group?.meeting != null && session.group.meeting.present > 0
      ? html`<span>${w.room.presentOf(session.group.meeting.present, session.group.meeting.roll)}</span>`
      : html`<label class="present"
      >${w.decide.present}
      <input
        type="number"
        min="1"
        max="9999"
        inputmode="numeric"
        .value=${chair.present === null ? '' : String(chair.present)}
        @change=${(event: Event) => {
          const n = Number((event.target as HTMLInputElement).value);
          chair.present = Number.isInteger(n) && n > 0 ? n : null;
        }}
    /></label>`}
    <span class="sign-words">${signWords(session.live.sign)}</span>
    <span class="row">
      ${chair.canUndo ? html`<button class="small" title=${w.decide.undoHint} @click=${undo}>${w.decide.undo} <kbd>U</kbd></button>` : nothing}
      <button class="small" title=${w.decide.nextHint} @click=${next}>${w.decide.next} <kbd>N</kbd></button>
    </span>
  </div>`;
}
