// The whole page: who is here, which page the address names, the header, and leaving with edits unsaved.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { api, closeBrowser, keepPage, lastMe, leaveBrowser, takeBrowser } from '../connection';
import { askedBanner } from '../consensus/asked-banner';
import { callBanner } from '../consensus/call-banner';
import { meetingBanner } from '../room/meeting-banner';
import type { Me, Problem } from '../connection';
import { tell, tellWith } from './announcer';
import { ask } from './dialog';
import { GroupSession } from './group-session';
import { header, offlineNote } from './header';
import { homePage } from './home-page';
import { go, isOwnLink, paths, rememberWanted, routeOf, takeWanted } from './router';
import type { Route } from './router';
import { View } from './view';
import { chooseLanguage, language, sayProblem, startLanguage, w } from './words';
import type { LanguageCode } from './words';
import './group-page';
import './report-page';
import './projector-page';
import '../closing/closing-page';
import '../history/redline-page';
import '../consensus/alternatives-page';
import '../consensus/calls-page';
import '../consensus/decisions-page';
import '../consensus/wordings-page';
import '../people/people-page';
import '../room/room-page';
import '../room/rules-page';

const retryEvery = 4_000;
const lookAgainEvery = 10_000;
/** With a text kept in the browser nobody waits longer for a server that does not answer. */
const answerWithin = 2_500;

/** A click outside a menu, or on one of its entries, closes it. */
function closeMenus(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>('details.more[open], details.account[open]')) {
    const target = event.target instanceof Element ? event.target : null;
    if (target === null || !menu.contains(target) || target.closest('.menu button, .menu a') !== null) menu.open = false;
  }
}

function closeMenusOnEscape(event: KeyboardEvent): void {
  const menu = document.querySelector<HTMLDetailsElement>('details.more[open], details.account[open]');
  if (event.key !== 'Escape' || menu === null) return;
  menu.open = false;
  menu.querySelector('summary')?.focus();
}

class AppElement extends View {
  private me: Me | null = null;
  private problem: Problem | null = null;
  private route: Route = routeOf(new URL(location.href));
  private session: GroupSession | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  /** Nobody could ask the server who this is: the page shows what this browser kept for the person it was last. */
  private offline = false;
  /** Nothing is shown before the page knows its language. */
  private readonly spoken = startLanguage();

  override connectedCallback(): void {
    super.connectedCallback();
    const moved = (): void => this.arrive();
    const leaving = (event: BeforeUnloadEvent): void => {
      const sign = this.session?.live.sign;
      if (sign !== undefined && 'edits' in sign && sign.edits > 0) event.preventDefault();
    };
    window.addEventListener('popstate', moved);
    window.addEventListener('hashchange', moved);
    window.addEventListener('beforeunload', leaving);
    this.addEventListener('click', (event) => {
      const path = isOwnLink(event);
      if (path === null) return;
      event.preventDefault();
      go(path);
    });
    keepPage(() => tellWith({ text: w.newerPage, tone: 'plain', stays: true, link: { href: location.href, words: w.newerPageLoad } }));
    document.addEventListener('click', closeMenus);
    document.addEventListener('keydown', closeMenusOnEscape);
    this.until(() => {
      document.removeEventListener('click', closeMenus);
      document.removeEventListener('keydown', closeMenusOnEscape);
      window.removeEventListener('popstate', moved);
      window.removeEventListener('hashchange', moved);
      window.removeEventListener('beforeunload', leaving);
    });
    void this.findOut();
  }

  private async findOut(): Promise<void> {
    clearTimeout(this.retry);
    await this.spoken;
    const kept = this.me === null ? await lastMe() : null;
    const late = new Promise<null>((resolve) => (kept === null ? undefined : setTimeout(() => resolve(null), answerWithin)));
    const result = (await Promise.race([api.me(), late])) ?? ({ ok: false, problem: 'unreachable' } as const);
    if (result.ok) {
      // Somebody else opened their link in this browser.
      if (this.me !== null && this.me.id !== result.value.id) this.leaveGroup();
      await takeBrowser(result.value);
      this.me = result.value;
      this.problem = null;
      this.offline = false;
      if (this.session?.live.sign.type === 'offline') this.retry = setTimeout(() => void this.findOut(), lookAgainEvery);
      this.arrive();
      return;
    }
    if (result.problem === 'signed_out') {
      this.problem = result.problem;
      this.me = null;
      this.leaveGroup();
      rememberWanted();
      await closeBrowser();
    } else {
      this.retry = setTimeout(() => void this.findOut(), retryEvery);
      if (kept !== null && this.me === null) {
        this.me = kept;
        this.offline = true;
        this.arrive();
      } else if (this.me === null) this.problem = result.problem;
    }
    this.requestUpdate();
  }

  private leaveGroup(): void {
    this.session?.end();
    this.session = null;
  }

  private arrive(): void {
    const before = this.route;
    this.route = routeOf(new URL(location.href));
    const me = this.me;
    if (me === null) return;
    const wantedBefore = this.route.page === 'home' ? takeWanted() : null;
    if (wantedBefore !== null) return go(wantedBefore, true);
    const only = me.groups.length === 1 ? me.groups[0] : undefined;
    if (this.route.page === 'home' && only !== undefined) {
      go(paths.group(only.slug), true);
      return;
    }
    const wanted = 'group' in this.route ? this.route.group : null;
    const needsNew = wanted !== this.session?.slug || (before.page === 'projector') !== (this.route.page === 'projector');
    if (this.session !== null && needsNew) this.leaveGroup();
    if (wanted !== null && this.session === null) {
      this.session = new GroupSession(me, wanted, this.route.page !== 'projector', () => void this.findOut(), this.offline);
      this.session.onChange(this.again);
      // A connection that is refused may mean that the session has ended: then the page says so.
      this.session.live.events.on('sign', (sign) => {
        clearTimeout(this.retry);
        if (sign.type === 'offline') this.retry = setTimeout(() => void this.findOut(), retryEvery);
      });
    }
    const samePage = before.page === this.route.page && JSON.stringify(before) === JSON.stringify(this.route);
    if (!samePage && this.route.page !== 'report' && this.route.page !== 'projector') window.scrollTo(0, 0);
    this.requestUpdate();
  }

  private async signOut(): Promise<void> {
    const { me } = this;
    const sign = this.session?.live.sign;
    if (sign !== undefined && 'edits' in sign && sign.edits > 0) {
      const reply = await ask({
        title: w.signOut.waiting(sign.edits),
        hint: w.signOut.waitingHint,
        yes: w.signOut.anyway,
        no: w.signOut.stay,
        danger: true,
      });
      if (!reply.yes) return;
    }
    const done = await api.signOut();
    // Without an answer the session lives on; on a shared device it must not look ended.
    if (!done.ok && done.problem !== 'signed_out') return tell(sayProblem(done), 'refused');
    this.leaveGroup();
    this.me = null;
    this.problem = 'signed_out';
    this.requestUpdate();
    if (me !== null) await leaveBrowser(me);
  }

  protected override render(): TemplateResult {
    if (this.me === null) return this.renderWithout();
    const { route, session } = this;
    const shut = session?.group?.closedMeeting === true;
    const gone = route.page === 'missing' || (!shut && (session?.problem === 'not_found' || session?.problem === 'forbidden'));
    if (route.page === 'projector' && session !== null && !gone && !shut) {
      return html`${keyed(
        session,
        html`<bossey-projector .session=${session} .slug=${route.report} .section=${route.section}></bossey-projector>`,
      )}`;
    }
    return html`
      <a class="skip" href="#page" @click=${this.skip}>${w.nav.skip}</a>
      ${header({ me: this.me, route, session, signOut: () => void this.signOut(), choose: (code) => void this.choose(code) })}
      ${session?.live.sign.type === 'offline' ? offlineNote(session.live) : nothing}
      ${session === null || session === undefined ? nothing : [...askedBanner(session), ...callBanner(session), meetingBanner(session)]}
      ${session?.trouble == null ? nothing : html`<p class="trouble" role="alert"><strong>${w.trouble}.</strong> ${session.trouble}</p>`}
      <div id="page" tabindex="-1">${gone ? this.calm(w.missing.title, w.missing.body, true) : keyed(session, keyed(language, this.renderPage(this.me)))}</div>
    `;
  }

  private readonly skip = (event: Event): void => {
    event.preventDefault();
    event.stopPropagation();
    document.getElementById('page')?.focus();
  };

  private renderPage(me: Me): TemplateResult {
    const { route, session } = this;
    if (route.page === 'home' || session === null) return homePage(me);
    if (session.problem === 'unreachable' && session.group === null) return this.calm(w.unreachable.title, w.unreachable.body, false);
    if (session.group?.closedMeeting === true) return this.calm(w.room.closedTitle, w.room.closedBody, false);
    switch (route.page) {
      case 'group':
        return html`<bossey-group .session=${session}></bossey-group>`;
      case 'decisions':
        return html`<bossey-decisions .session=${session}></bossey-decisions>`;
      case 'calls':
        return html`<bossey-calls .session=${session} .number=${route.call}></bossey-calls>`;
      case 'room':
        return html`<bossey-room .session=${session}></bossey-room>`;
      case 'rules':
        return html`<bossey-rules .session=${session}></bossey-rules>`;
      case 'people':
        return html`<bossey-people .session=${session}></bossey-people>`;
      case 'report':
        return html`<bossey-report .session=${session} .slug=${route.report} .section=${route.section}></bossey-report>`;
      case 'wordings':
        return html`<bossey-wordings .session=${session} .query=${route.query}></bossey-wordings>`;
      case 'alternatives':
        return html`<bossey-alternatives .session=${session} .slug=${route.report} .frame=${route.section}></bossey-alternatives>`;
      case 'closing':
        return html`<bossey-closing .session=${session} .slug=${route.report}></bossey-closing>`;
      case 'redline':
        return html`<bossey-redline .session=${session} .slug=${route.report} .query=${route.query}></bossey-redline>`;
      default:
        return homePage(me);
    }
  }

  /** Every word of the page is drawn anew. */
  private async choose(code: LanguageCode): Promise<void> {
    await chooseLanguage(code);
    this.requestUpdate();
  }

  private renderWithout(): TemplateResult {
    if (this.problem === null) return html`<main class="calm" aria-busy="true"></main>`;
    if (this.problem === 'signed_out') {
      return html`<main class="calm">
        <p class="brand">${w.product}</p>
        <h1>${w.signedOut.title}</h1>
        <p>${w.signedOut.body}</p>
        <p class="hint">${w.signedOut.lost}</p>
      </main>`;
    }
    return this.calm(w.unreachable.title, w.unreachable.body, false);
  }

  private calm(title: string, body: string, home: boolean): TemplateResult {
    return html`<main class="calm">
      <h1>${title}</h1>
      <p>${body}</p>
      ${home
        ? html`<p><a href=${paths.home}>${w.missing.home}</a></p>`
        : html`<button @click=${() => void this.findOut()}>${w.unreachable.again}</button>`}
    </main>`;
  }
}
customElements.define('bossey-app', AppElement);
