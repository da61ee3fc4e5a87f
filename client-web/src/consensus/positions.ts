// Positions under their section. One's own, with what may become of them; all of them with their words for the chair.
// Everybody else reads counts in the status line.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { commandKey, consensusApi } from '../connection';
import type { Position, Section } from '../connection';
import { tell, tellWith } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { View } from '../ui/view';
import { moment, sayProblem, w } from '../ui/words';
import { answerObjection } from './position-dialogs';

/** Only where this person may see one: a member's own, the chair's all. */
export function positionsOf(section: Section, session: GroupSession, slug: string): TemplateResult | typeof nothing {
  const sees = session.can('decide') || session.can('object');
  const { objections, answered, reservations, adRef } = section.positions;
  const heard = session.positionsHeard.get(section.id) ?? 0;
  if (!sees || (objections + answered + reservations + adRef === 0 && heard === 0)) return nothing;
  const state = `${objections} ${answered} ${reservations} ${adRef} ${section.textId} ${heard}`;
  return html`<bossey-positions .section=${section} .state=${state} .session=${session} .slug=${slug}></bossey-positions>`;
}

const standing = (p: Position): boolean => p.outcome === 'open' || p.outcome === 'addressed, not accommodated';
const isTold = (p: Position): boolean => p.kind !== 'no_objection' && p.kind !== 'not_taking_part';

class PositionsElement extends View {
  static override readonly properties = {
    section: { attribute: false },
    state: { attribute: false },
    session: { attribute: false },
    slug: { attribute: false },
  };
  declare section: Section;
  declare state: string;
  declare session: GroupSession;
  declare slug: string;
  private positions: readonly Position[] = [];
  private fetchedFor = '';
  private asked = new Set<number>();

  protected override updated(): void {
    const wanted = `${this.section.id} ${this.state}`;
    if (wanted === this.fetchedFor) return;
    this.fetchedFor = wanted;
    void this.load();
  }

  private get place() {
    return { group: this.session.slug, report: this.slug };
  }

  private async load(): Promise<void> {
    const result = await consensusApi.positions(this.place, this.section.id);
    if (result.ok) this.take(result.value.positions);
  }

  private take(positions: readonly Position[]): void {
    this.positions = positions;
    // Asked once, wherever on the page its author is; the buttons stay with the position.
    for (const p of positions) {
      if (!p.mine || !p.asks) this.asked.delete(p.number);
      else if (!this.asked.has(p.number)) {
        this.asked.add(p.number);
        const place = w.toSection(this.section.number, this.section.title);
        tellWith({ text: w.positions.asks(place), tone: 'plain', stays: true, link: { href: paths.report(this.session.slug, this.slug, this.section.id), words: w.positions.keep } });
      }
    }
    this.requestUpdate();
  }

  private async move(p: Position, move: 'withdraw' | 'keep' | 'turn' | 'confirm'): Promise<void> {
    const onWords = move === 'keep' || move === 'confirm' ? { text_id: this.section.textId } : {};
    const result = await consensusApi.movePosition(this.place, this.section.id, p.number, { move, ...onWords }, commandKey());
    if (result.ok) this.take(result.value.positions);
    else tell(sayProblem(result), 'refused');
  }

  private async answer(p: Position): Promise<void> {
    const positions = await answerObjection(this.place, this.section, p);
    if (positions !== null) this.take(positions.positions);
  }

  private buttons(p: Position): TemplateResult | typeof nothing {
    const own = p.mine || (p.floor && (this.session.can('decide') || this.session.can('outline')));
    const key = (words: string, move: 'withdraw' | 'keep' | 'turn' | 'confirm'): TemplateResult =>
      html`<button class="small" @click=${() => void this.move(p, move)}>${words}</button>`;
    return html`<div class="row">
      ${own && p.asks ? key(w.positions.keep, 'keep') : nothing}
      ${own && p.kind === 'ad_ref' && !p.asks ? key(w.positions.confirm, 'confirm') : nothing}
      ${own ? key(w.positions.withdraw, 'withdraw') : nothing} ${own && p.kind === 'objection' ? key(w.positions.turn, 'turn') : nothing}
      ${this.session.can('decide') && p.kind === 'objection'
        ? html`<button class="small main" @click=${() => void this.answer(p)}>${w.positions.answer}</button>`
        : nothing}
    </div>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    const shown = this.positions.filter((p) => standing(p) && (isTold(p) || p.mine));
    if (shown.length === 0) return nothing;
    return html`<div class="positions">
      ${shown.map(
        (p) => html`<section class="card position ${p.kind}" aria-label=${w.positions.kinds[p.kind]}>
          <h4>
            ${w.positions.kinds[p.kind]}<span class="hint">
              ${p.mine ? w.positions.mine : p.floor ? w.positions.fromFloor : html`<bdi>${p.holder ?? ''}</bdi>`}, ${moment(p.at)}</span
            >
          </h4>
          ${p.words === '' ? nothing : html`<p dir="auto">${p.words}</p>`}
          ${p.couldLiveWith === '' ? nothing : html`<p><span class="hint">${w.positions.liveWith}</span> <q dir="auto">${p.couldLiveWith}</q></p>`}
          ${p.confirmBy === null ? nothing : html`<p class="hint">${w.positions.confirmBy} ${moment(p.confirmBy)}</p>`}
          ${p.answer === '' ? nothing : html`<p><span class="hint">${w.positions.chairAnswer}</span> <span dir="auto">${p.answer}</span></p>`}
          ${p.asks ? html`<p class="asks"><strong>${w.positions.asksShort}</strong></p>` : nothing} ${this.buttons(p)}
        </section>`,
      )}
    </div>`;
  }
}
customElements.define('bossey-positions', PositionsElement);
