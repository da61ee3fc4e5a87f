// A call for consensus, as whoever is on its roll meets it on every page until they answered; and, for the chair, a
// silence that was not broken.
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Call } from '../connection';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { moment, w } from '../ui/words';

const silent = new Set(['not yet reached', 'reached', 'opened']);

function isWanted(call: Call): boolean {
  return call.can.includes('respond') && call.mine !== null && silent.has(call.mine.column);
}

export function callBanner(session: GroupSession): readonly TemplateResult[] {
  return session.calls
    .filter((call) => isWanted(call) || call.can.includes('confirm') || call.can.includes('restart'))
    .slice(0, 3)
    .map(
      (call) => html`<p class="call-banner" role="status">
        <span dir="auto">
          ${call.can.includes('confirm')
            ? w.calls.passed(call.question)
            : call.can.includes('restart')
              ? html`<bdi>${call.question}</bdi> ${w.calls.states.suspended}`
              : w.calls.banner(call.question, moment(call.deadline))}
        </span>
        <a class="button" href=${paths.call(session.slug, call.number)}>${isWanted(call) ? w.calls.read : w.calls.look}</a>
      </p>`,
    );
}
