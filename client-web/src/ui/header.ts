// The line at the top of every page: where one is, who is here, whether everything is saved.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { Live, Me, Present, SavedSign } from '../connection';
import { colourOf } from '../editor';
import { phaseWords } from '../closing/phase';
import type { GroupSession } from './group-session';
import { paths } from './router';
import type { Route } from './router';
import { clock, language, languages, w } from './words';
import type { LanguageCode } from './words';

interface HeaderFacts {
  readonly me: Me;
  readonly route: Route;
  readonly session: GroupSession | null;
  readonly signOut: () => void;
  readonly choose: (language: LanguageCode) => void;
}

export function header({ me, route, session, signOut, choose }: HeaderFacts): TemplateResult {
  const group = session?.group ?? null;
  const report = route.page === 'report' || route.page === 'redline' || route.page === 'closing' ? (session?.report ?? null) : null;
  return html`<header class="top">
    <div class="place">
      ${group === null
        ? html`<a class="brand" href=${paths.home}>${w.product}</a>`
        : html`<a class="where" href=${paths.group(group.slug)}><bdi>${group.name}</bdi></a>`}
      ${report === null || group === null
        ? nothing
        : html`<a class="what" href=${paths.report(group.slug, report.slug)}><bdi>${report.title}</bdi></a>
            ${report.phase === '' ? nothing : html`<span class="phase">${phaseWords(report)}</span>`}`}
    </div>
    ${session === null || report === null ? nothing : here(session.live.people())}
    ${session === null ? nothing : sign(session.live.sign, session.live.keepsEdits)}
    <nav class="pages" aria-label=${w.nav.main}>
      ${group === null
        ? nothing
        : html`
            ${report === null
              ? html`<a href=${paths.group(group.slug)} aria-current=${route.page === 'group' ? 'page' : nothing}>${w.nav.reports}</a>
                  <a href=${paths.decisions(group.slug)} aria-current=${route.page === 'decisions' ? 'page' : nothing}>${w.nav.decisions}</a>
                  <a href=${paths.calls(group.slug)} aria-current=${route.page === 'calls' ? 'page' : nothing}>${w.calls.title}</a>
                  <a href=${paths.room(group.slug)} aria-current=${route.page === 'room' ? 'page' : nothing}>${w.room.nav}</a>
                  <a href=${paths.rules(group.slug)} aria-current=${route.page === 'rules' ? 'page' : nothing}>${w.rules.nav}</a>
                  ${session?.can('see_people') === true || session?.can('people') === true
                    ? html`<a href=${paths.people(group.slug)} aria-current=${route.page === 'people' ? 'page' : nothing}>${w.nav.people}</a>`
                    : nothing}`
              : html`<a href=${paths.redline(group.slug, report.slug)} aria-current=${route.page === 'redline' ? 'page' : nothing}
                    >${w.nav.redline}</a
                  >
                  <a class="wide" href=${paths.decisions(group.slug)}>${w.nav.decisions}</a>
                  <a class="wide" href=${paths.print(group.slug, report.slug)} target="_blank">${w.nav.print}</a>
                  <a class="wide" href=${paths.markdown(group.slug, report.slug)} title=${w.nav.downloadTitle} download>${w.nav.download}</a>
                  <a class="wide" href=${paths.projector(group.slug, report.slug)}>${w.nav.projector}</a>`}
          `}
      <details class="account">
        <summary aria-label=${me.name}><span class="face who-${colourOf(me.id)}" aria-hidden="true">${initials(me.name)}</span></summary>
        <div class="menu">
          <p><strong><bdi>${me.name}</bdi></strong>${group === null ? nothing : html`<br />${w.roles[group.role]}`}</p>
          ${me.groups.length > 1 ? html`<a href=${paths.home}>${w.nav.home}</a>` : nothing}
          ${group === null || report === null
            ? nothing
            : html`<a class="narrow" href=${paths.decisions(group.slug)}>${w.nav.decisions}</a>
                <a class="narrow" href=${paths.print(group.slug, report.slug)} target="_blank">${w.nav.print}</a>
                <a class="narrow" href=${paths.markdown(group.slug, report.slug)} download>${w.nav.download}</a>
                <a class="narrow" href=${paths.projector(group.slug, report.slug)}>${w.nav.projector}</a>`}
          ${languageChoice(choose)}
          <button class="quiet" @click=${signOut}>${w.nav.signOut}</button>
        </div>
      </details>
    </nav>
  </header>`;
}

/** Each language under its own name, for whoever reads no other. */
function languageChoice(choose: (language: LanguageCode) => void): TemplateResult {
  const codes = Object.keys(languages) as LanguageCode[];
  return html`<label class="languages"
    ><span class="heard">${w.nav.language}</span>
    <select @change=${(event: Event) => choose((event.target as HTMLSelectElement).value as LanguageCode)}>
      ${codes.map((code) => html`<option value=${code} lang=${code} ?selected=${code === language}>${languages[code].name}</option>`)}
    </select></label
  >`;
}

/** Two letters for a small round sign; a name in any script gives its first characters. */
export function initials(name: string): string {
  const parts = name.trim().split(/\s+/u);
  const first = [...(parts[0] ?? '')][0] ?? '';
  const last = parts.length > 1 ? ([...(parts.at(-1) ?? '')][0] ?? '') : '';
  return (first + last).toUpperCase();
}

const facesMax = 5;

function here(people: readonly Present[]): TemplateResult | typeof nothing {
  if (people.length === 0) return nothing;
  const note = (p: Present): string => (p.self ? ` (${w.people.you})` : p.away ? ` (${w.people.away})` : '');
  const names = people.map((p) => p.name + note(p)).join(', ');
  const shown = people.length > facesMax ? people.slice(0, facesMax - 1) : people;
  return html`<ul class="here" aria-label=${`${w.people.here(people.length)}: ${names}`} title=${names}>
    ${shown.map((p) => html`<li class="face who-${colourOf(p.person)} ${p.self ? 'self' : ''} ${p.away ? 'away' : ''}" aria-hidden="true">${initials(p.name)}</li>`)}
    ${people.length > shown.length ? html`<li class="face" aria-hidden="true">${w.people.more(people.length - shown.length)}</li>` : nothing}
  </ul>`;
}

export function signWords(state: SavedSign): string {
  switch (state.type) {
    case 'saved':
      return w.signs.saved;
    case 'saving':
      return w.signs.saving;
    case 'connecting':
      return w.signs.connecting;
    case 'stuck':
      return w.signs.stuck(state.edits);
    case 'offline':
      return w.signs.offline(state.edits);
  }
}

/** While no server is reached: how old the text is, what waits, and whether it would outlive this page. */
export function offlineNote(live: Live): TemplateResult {
  const edits = live.sign.type === 'offline' ? live.sign.edits : 0;
  const { asOf } = live;
  return html`<p class="offline-note" role="status">
    <strong>${asOf === null ? w.signs.offline(edits) : w.signs.offlineAsOf(clock(asOf), edits)}</strong>
    ${live.keepsEdits ? w.signs.offlineHint : w.signs.noStore}
  </p>`;
}

function sign(state: SavedSign, keepsEdits: boolean): TemplateResult {
  const hint = keepsEdits ? w.signs.offlineHint : w.signs.noStore;
  return html`<p class="saved ${state.type}" role="status" title=${state.type === 'offline' || state.type === 'stuck' ? hint : nothing}>
    <span class="dot" aria-hidden="true"></span>${signWords(state)}
  </p>`;
}
