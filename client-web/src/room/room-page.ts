// Meetings, drafting teams and review rounds of a group: what there is for everybody, and the commands for whoever
// runs it. Meetings stand first: they are what somebody looks for in a hurry.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api, commandKey } from '../connection';
import type { Meeting, Person, Result } from '../connection';
import { tell } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { View } from '../ui/view';
import { moment, sayProblem, w } from '../ui/words';
import { isCounted, sayHere } from './meeting-banner';
import { meetingKinds, roomApi } from './room-api';
import type { Review, Teams } from './room-api';
import { teamCard } from './team-card';

class RoomElement extends View {
  static override readonly properties = { session: { attribute: false } };
  declare session: GroupSession;
  private meetings: readonly Meeting[] = [];
  private teams: Teams | null = null;
  private reviews: readonly Review[] = [];
  private people: readonly Person[] = [];
  private problem: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.session.onChange(this.again));
    this.until(
      this.session.live.events.on('event', (event) => {
        if (event.type === 'meeting' || event.type === 'teams' || event.type === 'reviews') void this.load();
      }),
    );
    void this.load();
  }

  private get runs(): boolean {
    return this.session.can('outline');
  }

  private async load(): Promise<void> {
    const { slug } = this.session;
    const [meetings, teams, reviews] = await Promise.all([roomApi.meetings(slug), roomApi.teams(slug), roomApi.reviews(slug)]);
    const failed = [meetings, teams, reviews].find((result) => !result.ok);
    this.problem = failed === undefined || failed.ok ? null : sayProblem(failed);
    if (meetings.ok) this.meetings = meetings.value;
    if (teams.ok) this.teams = teams.value;
    if (reviews.ok) this.reviews = reviews.value;
    if (this.session.can('see_people')) {
      const people = await api.people(slug);
      if (people.ok) this.people = people.value;
    }
    this.requestUpdate();
  }

  private readonly done = async (result: Result<unknown>): Promise<void> => {
    if (!result.ok) tell(sayProblem(result), 'refused');
    await this.load();
    await this.session.refresh();
  };

  private readonly open = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const kind = meetingKinds.find((k) => k === fields.get('kind')) ?? 'plenary';
    const name = String(fields.get('name') ?? '').trim();
    await this.done(await roomApi.openMeeting(this.session.slug, kind, name, commandKey()));
  };

  private readonly count = async (event: SubmitEvent, meeting: Meeting): Promise<void> => {
    event.preventDefault();
    const counted = Number(new FormData(event.currentTarget as HTMLFormElement).get('counted'));
    if (!Number.isInteger(counted) || counted < 0) return;
    const change = { counted: counted === 0 ? {} : counted };
    await this.done(await roomApi.changeMeeting(this.session.slug, meeting.number, change, commandKey()));
  };

  private readonly makeTeam = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const room = String(new FormData(form).get('room') ?? '').trim();
    const made = await roomApi.makeTeam(this.session.slug, room, commandKey());
    if (made.ok) form.reset();
    await this.done(made);
  };

  private readonly send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const { slug } = this.session;
    const fields = new FormData(event.currentTarget as HTMLFormElement);
    const report = String(fields.get('report') ?? '');
    const deadline = new Date(String(fields.get('deadline') ?? ''));
    if (report === '' || Number.isNaN(deadline.getTime())) return;
    const read = await api.report({ group: slug, report });
    if (!read.ok) return this.done(read);
    const sections = read.value.sections.filter((s) => !s.status.closed).map((s) => ({ section: s.id, text_id: s.textId }));
    const iso = `${deadline.toISOString().slice(0, 19)}Z`;
    await this.done(await roomApi.sendReview({ group: slug, report }, sections, iso, commandKey()));
  };

  private renderMeeting(meeting: Meeting): TemplateResult {
    const { slug } = this.session;
    return html`<div class="room-card open">
      <p><strong><bdi>${meeting.name}</bdi></strong> <span class="hint">${w.room.kinds[meeting.kind as (typeof meetingKinds)[number]]}</span></p>
      <p class="large">${w.room.presentOf(meeting.present, meeting.roll)}</p>
      ${Object.entries(meeting.byCategory).map(([category, n]) => html`<p class="hint"><bdi>${category}</bdi>: ${n}</p>`)}
      <div class="row">
        ${isCounted(this.session) && !meeting.byHand
          ? html`<button class=${meeting.here ? '' : 'main'} @click=${() => void sayHere(this.session, meeting.number, !meeting.here).then(() => this.load())}>
              ${meeting.here ? w.room.leave : w.room.here}
            </button>`
          : nothing}
        ${this.runs
          ? html`<button @click=${async () => this.done(await roomApi.changeMeeting(slug, meeting.number, { end: true }, commandKey()))}>${w.room.end}</button>`
          : nothing}
      </div>
      ${this.runs
        ? html`<form class="inline" @submit=${(event: SubmitEvent) => void this.count(event, meeting)}>
            <label>${w.room.countByHand}<input name="counted" type="number" min="0" max="9999" inputmode="numeric" .value=${meeting.byHand ? String(meeting.present) : ''} /></label>
            <button class="small" type="submit">${w.room.countDo}</button>
            <p class="hint">${w.room.countHint}</p>
          </form>`
        : nothing}
    </div>`;
  }

  private renderMeetings(): TemplateResult {
    const open = this.meetings.find((m) => m.ended === null);
    const past = this.meetings.filter((m) => m.ended !== null);
    return html`<section>
      <h2>${w.room.meeting}</h2>
      ${open === undefined ? html`<p class="hint">${w.room.noMeeting}</p>` : this.renderMeeting(open)}
      ${open === undefined && this.runs
        ? html`<form class="room-form" @submit=${this.open}>
            <fieldset class="choices">
              <legend>${w.room.kind}</legend>
              ${meetingKinds.map(
                (kind) => html`<label class="choice"><input type="radio" name="kind" value=${kind} ?checked=${kind === 'plenary'} /> ${w.room.kinds[kind]}
                  ${kind === 'closed' ? html`<span class="hint">${w.room.closedHint}</span>` : nothing}</label>`,
              )}
            </fieldset>
            <label>${w.room.name}<input name="name" maxlength="100" autocomplete="off" dir="auto" placeholder=${w.room.nameHint} /></label>
            <button class="main" type="submit">${w.room.open}</button>
          </form>`
        : nothing}
      ${past.length === 0
        ? nothing
        : html`<details class="past"><summary>${w.room.past(past.length)}</summary>
            <ul class="plain">
              ${past.map((m) => html`<li><bdi>${m.name}</bdi> <span class="hint">${moment(m.opened)} · ${w.room.presentOf(m.present, m.roll)}</span></li>`)}
            </ul></details>`}
    </section>`;
  }

  private renderTeams(): TemplateResult {
    const { teams } = this;
    return html`<section>
      <h2>${w.room.teams}</h2>
      <p class="hint">${w.room.teamsHint}</p>
      ${teams === null || teams.teams.length === 0
        ? html`<p class="hint">${w.room.noTeams}</p>`
        : html`<ul class="room-cards">
            ${teams.teams.map((team) => teamCard({ group: this.session.slug, team, people: this.people, runs: this.runs, done: this.done }))}
          </ul>`}
      ${this.runs
        ? html`<form class="inline" @submit=${this.makeTeam}>
            <label>${w.room.teamName}<input name="room" maxlength="100" autocomplete="off" dir="auto" placeholder=${w.room.teamNameHint} /></label>
            <button type="submit">${w.room.teamMake}</button>
          </form>`
        : nothing}
      ${this.renderTypist()}
    </section>`;
  }

  private renderTypist(): TemplateResult | typeof nothing {
    const { teams } = this;
    if (teams === null || !this.session.can('decide')) return nothing;
    const writers = this.people.filter((p) => ['chair', 'secretariat', 'member'].includes(p.role));
    const choose = async (event: Event): Promise<void> => {
      const { value } = event.target as HTMLSelectElement;
      await this.done(await roomApi.nameTypist(this.session.slug, value === '' ? null : Number(value), commandKey()));
    };
    return html`<form class="inline"><label>${w.room.typist}
      <select @change=${choose}>
        <option value="">${w.roles.secretariat}</option>
        ${writers.map((p) => html`<option value=${p.id} ?selected=${teams.typist === Number(p.id)}>${p.name}</option>`)}
      </select></label>
      <p class="hint">${w.room.typistHint}</p></form>`;
  }

  private renderReview(review: Review): TemplateResult {
    const { slug } = this.session;
    const title = this.session.group?.reports.find((r) => r.slug === review.report)?.title ?? review.report;
    const isDue = review.ended === null && (new Date(review.deadline).getTime() <= Date.now() || review.opened >= review.roll);
    return html`<li class="room-card">
      <p><strong><bdi>${title}</bdi></strong> <span class="hint">${w.room.reviewSections(review.texts.length)}</span></p>
      <p>${review.outside ? w.room.reviewOutside : w.room.reviewOpened(review.opened, review.roll)}
        <span class="hint">${review.ended === null ? w.room.reviewUntil(moment(review.deadline)) : w.room.reviewEnded(moment(review.ended))}</span></p>
      ${this.runs && isDue
        ? html`<button class="small" @click=${async () => this.done(await roomApi.endReview(slug, review.number, commandKey()))}>${w.room.reviewEnd}</button>`
        : nothing}
    </li>`;
  }

  private renderReviews(): TemplateResult {
    const reports = this.session.group?.reports ?? [];
    return html`<section>
      <h2>${w.room.reviews}</h2>
      <p class="hint">${w.room.reviewsHint}</p>
      ${this.reviews.length === 0 ? html`<p class="hint">${w.room.noReviews}</p>` : html`<ul class="room-cards">${this.reviews.map((r) => this.renderReview(r))}</ul>`}
      ${this.runs && reports.length > 0
        ? html`<form class="room-form" @submit=${this.send}>
            <fieldset class="choices">
              <legend>${w.room.reviewReport}</legend>
              ${reports.map((r, i) => html`<label class="choice"><input type="radio" name="report" value=${r.slug} ?checked=${i === 0} /> <bdi>${r.title}</bdi></label>`)}
            </fieldset>
            <label>${w.room.reviewDeadline}<input name="deadline" type="datetime-local" required /></label>
            <button type="submit">${w.room.reviewSend}</button>
          </form>`
        : nothing}
    </section>`;
  }

  protected override render(): TemplateResult {
    return html`<main class="sheet wide room-page">
      <h1>${w.room.title}</h1>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`} ${this.renderMeetings()} ${this.renderTeams()} ${this.renderReviews()}
    </main>`;
  }
}
customElements.define('bossey-room', RoomElement);
