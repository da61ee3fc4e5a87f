// Calls for consensus: the list, and one call with its question, its exact texts, one's own answer, and for the chair
// where members stand and what may be done.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { unsafeHTML } from 'lit/directives/unsafe-html.js';
import { api, commandKey, consensusApi } from '../connection';
import type { Call, CallMove, PositionKind, Result } from '../connection';
import { tell, tellWith } from '../ui/announcer';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { View } from '../ui/view';
import { moment, sayProblem, w } from '../ui/words';
import { askForMoreTime, askForRestart, zone } from './call-dialogs';

/** "2005-06-18 00:41": the same for every reader. */
const inUtc = (iso: string): string => iso.slice(0, 16).replace('T', ' ');

class CallsElement extends View {
  static override readonly properties = { session: { attribute: false }, number: { attribute: false } };
  declare session: GroupSession;
  declare number: number | null;
  private call: Call | null = null;
  private problem: string | null = null;
  private fetchedFor = '';
  private opened = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.session.onChange(this.again));
  }

  protected override updated(_changed: PropertyValues<this>): void {
    document.title = this.number === null ? w.calls.title : w.calls.one(this.number);
    const fact = this.session.calls.find((c) => c.number === this.number);
    const wanted = `${this.number ?? ''} ${fact === undefined ? '' : JSON.stringify(fact)}`;
    if (this.number === null || wanted === this.fetchedFor) return;
    this.fetchedFor = wanted;
    void this.load(this.number);
  }

  private async load(number: number): Promise<void> {
    const result = await consensusApi.call(this.session.slug, number);
    if (number !== this.number) return;
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.call = result.value;
    this.requestUpdate();
    // Its words are on the screen now.
    if (result.ok && result.value.mine !== null && this.opened !== number) {
      this.opened = number;
      void consensusApi.markCall(this.session.slug, number, { opened: true });
    }
  }

  private took(result: Result<Call>, written = ''): void {
    if (result.ok) {
      this.call = this.call === null ? result.value : { ...result.value, sections: this.call.sections };
      void this.session.fetchCalls();
      this.requestUpdate();
    } else if (written === '') tell(sayProblem(result), 'refused');
    else tellWith({ text: `${sayProblem(result)} ${w.positions.keptWords}`, tone: 'refused', keep: written });
  }

  private async answer(call: Call, kind: PositionKind): Promise<void> {
    let words: string | undefined;
    let wording: string | undefined;
    if (kind === 'objection' || kind === 'reservation') {
      const objects = kind === 'objection';
      const reply = await ask({
        title: objects ? w.calls.objectTitle : w.positions.reserve,
        ...(objects ? { hint: w.calls.objectHint } : {}),
        body: html`<label
            >${objects ? w.positions.reason : w.positions.reservation}<textarea name="words" rows="3" maxlength="1300" dir="auto"></textarea></label
          >${objects ? html`<label>${w.positions.wording}<textarea name="wording" rows="3" maxlength="1300" dir="auto"></textarea></label>` : nothing}`,
        yes: objects ? w.positions.object : w.positions.send,
        check: (form) => (String(new FormData(form).get('words') ?? '').trim() === '' ? w.positions.reasonEmpty : null),
      });
      if (!reply.yes) return;
      words = (reply.fields.get('words') ?? '').trim();
      wording = (reply.fields.get('wording') ?? '').trim();
    }
    const body = { kind, ...(words === undefined ? {} : { words }), ...(wording === undefined || wording === '' ? {} : { could_live_with: wording }) };
    const key = commandKey();
    let result = await consensusApi.answerCall(this.session.slug, call.number, body, key);
    if (!result.ok && result.problem === 'unreachable') result = await consensusApi.answerCall(this.session.slug, call.number, body, key);
    this.took(result, words ?? '');
    if (result.ok) tell(kind === 'objection' || kind === 'reservation' ? w.positions.taken[kind] : w.positions.taken.other);
  }

  private async move(call: Call, move: CallMove): Promise<void> {
    const body = await this.moveBody(call, move);
    if (body !== null) this.took(await consensusApi.moveCall(this.session.slug, call.number, body, commandKey()));
  }

  private async moveBody(call: Call, move: CallMove): Promise<Parameters<typeof consensusApi.moveCall>[2] | null> {
    if (move === 'extend') {
      const deadline = await askForMoreTime(call);
      return deadline === null ? null : { move, deadline, zone: zone() };
    }
    if (move === 'restart') {
      const deadline = await askForRestart();
      if (deadline === null) return null;
      const report = await api.report({ group: this.session.slug, report: call.report });
      if (!report.ok) {
        tell(sayProblem(report), 'refused');
        return null;
      }
      const sections = call.sections.flatMap((one) => {
        const now = report.value.sections.find((s) => s.id === one.section);
        return now === undefined ? [] : [{ section: one.section, text_id: now.textId }];
      });
      return { move, deadline, zone: zone(), sections };
    }
    const confirms = move === 'confirm';
    const reply = await ask({
      title: confirms ? w.calls.confirmTitle : w.calls.endTitle,
      hint: confirms ? w.calls.confirmHint : w.calls.endHint,
      yes: confirms ? w.decide.soDecided : w.calls.moves.end,
      danger: !confirms,
    });
    return reply.yes ? { move } : null;
  }

  private async deliver(call: Call): Promise<void> {
    const people = await api.people(this.session.slug);
    if (!people.ok) return tell(sayProblem(people), 'refused');
    const reply = await ask({
      title: w.calls.deliver,
      body: html`<label
        >${w.calls.member}<select name="person">
          ${people.value.filter((p) => p.role === 'member').map((p) => html`<option value=${p.id}>${p.name}</option>`)}
        </select></label
      >`,
      yes: w.calls.deliverDo,
    });
    if (!reply.yes) return;
    const result = await consensusApi.markCall(this.session.slug, call.number, { person: Number(reply.fields.get('person')) });
    if (result.ok) tell(w.calls.delivered);
    else tell(sayProblem(result), 'refused');
  }

  private deadline(call: Call): TemplateResult {
    const other = call.zone !== '' && call.zone !== zone() ? ` (${w.calls.setIn(call.zone)})` : '';
    return html`<p class="until">${w.calls.until(moment(call.deadline), inUtc(call.deadline))}${other}</p>`;
  }

  private ownAnswer(call: Call): TemplateResult | typeof nothing {
    const { mine } = call;
    if (mine === null) return nothing;
    const column = w.calls.columns[mine.column as keyof typeof w.calls.columns] ?? mine.column;
    const key = (words: string, kind: PositionKind, kinds = ''): TemplateResult =>
      html`<button class=${kinds} @click=${() => void this.answer(call, kind)}>${words}</button>`;
    return html`<section class="card own-answer">
      <p><strong>${w.calls.yourAnswer(column)}</strong>${mine.words === '' ? nothing : html`: <q dir="auto">${mine.words}</q>`}</p>
      ${call.can.includes('respond')
        ? html`<div class="row">
              ${key(w.positions.noObjection, 'no_objection', 'main')} ${key(w.positions.object, 'objection')} ${key(w.positions.reserve, 'reservation')}
            </div>
            <details class="tucked"><summary>${w.positions.other}</summary>${key(w.positions.notTakingPart, 'not_taking_part', 'small')}</details>`
        : nothing}
    </section>`;
  }

  private columns(call: Call): TemplateResult {
    return html`<h2>${w.calls.whereMembersStand}</h2>
      <ul class="columns">
        ${call.columns.map(({ column, count }) => html`<li><strong>${count}</strong> ${w.calls.columns[column as keyof typeof w.calls.columns] ?? column}</li>`)}
      </ul>
      ${call.neverReached.length === 0 ? nothing : html`<p>${w.calls.neverReached}: <bdi>${call.neverReached.map((p) => p.name).join(', ')}</bdi></p>`}
      ${call.answers.map(
        (a) => html`<section class="card position ${a.kind}">
          <h4>${w.positions.kinds[a.kind]}<span class="hint"> <bdi>${a.name}</bdi></span></h4>
          <p dir="auto">${a.words}</p>
          ${a.couldLiveWith === '' ? nothing : html`<p><span class="hint">${w.positions.liveWith}</span> <q dir="auto">${a.couldLiveWith}</q></p>`}
        </section>`,
      )}`;
  }

  private moves(call: Call): TemplateResult | typeof nothing {
    const moves = (['confirm', 'restart', 'extend', 'end'] as const).filter((move) => call.can.includes(move));
    if (moves.length === 0 && !call.can.includes('deliver')) return nothing;
    return html`<div class="row call-moves">
      ${moves.map((move, index) => html`<button class=${index === 0 && move !== 'end' ? 'main' : ''} @click=${() => void this.move(call, move)}>${w.calls.moves[move]}</button>`)}
      ${call.can.includes('deliver') ? html`<button @click=${() => void this.deliver(call)}>${w.calls.deliver}</button>` : nothing}
    </div>`;
  }

  private one(call: Call): TemplateResult {
    return html`<main class="sheet call">
      <p class="hint"><a href=${paths.calls(this.session.slug)}>${w.calls.title}</a> · ${w.calls.one(call.number)}</p>
      <h1 dir="auto">${call.question}</h1>
      <p class="state ${call.state}" role="status"><strong>${w.calls.states[call.state]}</strong></p>
      ${this.deadline(call)} ${call.movedByS > 0 ? html`<p class="hint" dir="auto">${call.line}</p>` : nothing}
      ${call.rule === 'unanimity' ? html`<p>${w.calls.unanimity}.</p>` : nothing} ${this.ownAnswer(call)} ${this.moves(call)}
      <h2>${w.calls.exactTexts}</h2>
      ${call.sections.map(
        (s) => html`<article class="card exact">
          <h3><a href=${paths.report(this.session.slug, call.report, s.section)}><bdi>${s.name}</bdi></a></h3>
          ${s.moved ? html`<p class="problem">${w.calls.textMoved}</p>` : nothing}
          <div class="words" dir="auto">${unsafeHTML(s.html)}</div>
        </article>`,
      )}
      ${this.columns(call)}
    </main>`;
  }

  private list(): TemplateResult {
    const { calls } = this.session;
    return html`<main class="sheet">
      <h1>${w.calls.title}</h1>
      ${calls.length === 0
        ? html`<p class="hint">${w.calls.none}</p>`
        : html`<ol class="register">
            ${calls.map(
              (call) => html`<li>
                <p><a href=${paths.call(this.session.slug, call.number)} dir="auto">${call.question}</a></p>
                <p class="hint">${w.calls.states[call.state]} ${w.calls.until(moment(call.deadline), inUtc(call.deadline))}</p>
              </li>`,
            )}
          </ol>`}
    </main>`;
  }

  protected override render(): TemplateResult {
    if (this.number === null) return this.list();
    if (this.problem !== null) return html`<main class="sheet"><p class="problem" role="alert">${this.problem}</p></main>`;
    if (this.call?.number !== this.number) return html`<main class="sheet"><p class="hint">${w.loading}</p></main>`;
    return this.one(this.call);
  }
}
customElements.define('bossey-calls', CallsElement);
