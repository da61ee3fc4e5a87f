// What the chair does: each decision from the key to the record. Sends what the page shows, never what it guesses, and
// says in a few words why something cannot be done.
import { html } from 'lit';
import { api, commandKey, textApi } from '../connection';
import type { DecisionCommand, ReportPlace, Section, SectionDocument, ShownText, WithdrawReason } from '../connection';
import { readBody } from '../editor';
import { tell } from '../ui/announcer';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { sayProblem, w } from '../ui/words';
import { askForObjection } from './objection-dialog';
import type { ObjectionText } from './objection-dialog';

const undoFor = 10 * 60_000;
const reasons: readonly WithdrawReason[] = ['merged', 'no drafter', 'no consensus'];

interface Shown {
  readonly texts: readonly ObjectionText[];
  readonly ids: readonly [ShownText, ...ShownText[]];
}

export interface LastDecision {
  readonly section: string;
  readonly at: number;
}

export class Chair {
  /** Sections left for later, in the order they were left. */
  later: readonly string[] = [];
  last: LastDecision | null = null;
  private busy = false;

  constructor(
    private readonly session: GroupSession,
    private readonly place: ReportPlace,
    private readonly changed: () => void,
    private readonly documentOf: (section: string) => SectionDocument | null,
  ) {}

  get present(): number | null {
    const n = Number(sessionStorage.getItem(this.presentKey));
    return Number.isInteger(n) && n > 0 ? n : null;
  }

  set present(n: number | null) {
    if (n === null) sessionStorage.removeItem(this.presentKey);
    else sessionStorage.setItem(this.presentKey, String(n));
    this.changed();
  }

  private get presentKey(): string {
    return `bossey-present-${this.session.slug}`;
  }

  get canUndo(): boolean {
    return this.last !== null && Date.now() - this.last.at < undoFor;
  }

  leaveForLater(section: string): void {
    this.later = [...this.later.filter((id) => id !== section), section];
    this.changed();
  }

  /** One decision at a time: a second key meanwhile does nothing. */
  private async alone(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    try {
      await work();
    } finally {
      this.busy = false;
      this.changed();
    }
  }

  agree(section: Section): Promise<void> {
    return this.alone(async () => {
      if (section.brackets > 0) return this.refuseBrackets(section);
      const shown = await this.show([section]);
      if (shown === null) return;
      const adRefs = shown.texts[0]?.section.positions.adRef ?? 0;
      if (adRefs > 0 && !(await this.agreesWithOpen(adRefs))) return;
      const present = this.present;
      const { text_id, content_hash } = shown.ids[0];
      const listed = await api.proposals(this.place, section.id);
      if (!listed.ok) return tell(sayProblem(listed), 'refused');
      const open = listed.value.filter((p) => p.state === 'open' && p.amendment?.on === null && p.amendment.asks);
      if (open.length > 0 && !(await this.askToSetAside(open.map((p) => p.number)))) return;
      const aside = open.length > 0 ? { sets_aside: true } : {};
      const command = {
        kind: 'agree',
        text_id,
        content_hash,
        ...(present === null ? {} : { present }),
        ...(adRefs > 0 ? { ad_ref_open: true } : {}),
        ...aside,
      } as const;
      const pause = await this.ask(section, command, shown.texts, w.decide.anyObjection);
      if (pause !== null) await this.send(section, { ...command, pause });
    });
  }

  /** The section is the common frame; its options stand straight below it. */
  alternatives(section: Section): Promise<void> {
    return this.alone(async () => {
      const sections = this.session.report?.sections ?? [];
      const options = sections.filter((s) => s.parent === section.id && s.kind === 'alternative' && s.status.name !== 'Withdrawn');
      if (options.length < 2) return tell(w.decide.needOptions, 'refused');
      const shown = await this.show([section, ...options]);
      if (shown === null) return;
      const [{ text_id, content_hash }, ...rest] = shown.ids;
      const command = { kind: 'alternatives', text_id, content_hash, options: rest } as const;
      const pause = await this.ask(section, command, shown.texts, w.decide.alternativesAsk);
      if (pause !== null) await this.send(section, { ...command, pause });
    });
  }

  /** The texts as this page shows them, if they are the server's. */
  private async show(sections: readonly Section[]): Promise<Shown | null> {
    const texts: ObjectionText[] = [];
    const shown: ShownText[] = [];
    for (const section of sections) {
      const document = this.documentOf(section.id);
      if (document === null || !document.saved.connected) return this.refuse(w.decide.offline);
      if (document.saved.edits > 0) return this.refuse(w.decide.unsaved);
      const hash = document.contentHash();
      const fresh = await api.section(this.place, section.id);
      if (!fresh.ok) return this.refuse(sayProblem(fresh));
      if (fresh.value.section.contentHash !== hash) {
        document.beat();
        return this.refuse(w.decide.notSame);
      }
      texts.push({ section: fresh.value.section, document, text: readBody(document.replica.body).doc });
      shown.push({ section: section.id, text_id: fresh.value.section.textId, content_hash: hash });
    }
    // Asking the server took a moment: what is shown from here on is what was compared, or nothing is.
    if (texts.some(({ document }, index) => document.contentHash() !== shown[index]?.content_hash)) {
      return this.refuse(w.decide.textMoved);
    }
    const [first, ...rest] = shown;
    return first === undefined ? null : { texts, ids: [first, ...rest] };
  }

  /** The pause: the server holds and compares these texts, and lets them go if nobody decides. Null: nothing to decide. */
  private async ask(
    section: Section,
    command: DecisionCommand,
    texts: readonly ObjectionText[],
    question: string,
  ): Promise<string | null> {
    const key = commandKey();
    let begun = await api.pause(this.place, section.id, command, key);
    if (!begun.ok && begun.problem === 'unreachable') begun = await api.pause(this.place, section.id, command, key);
    if (!begun.ok) {
      void this.session.fetchReport();
      return this.refuse(sayProblem(begun));
    }
    const exact = texts.map((text) => ({ ...text, text: readBody(text.document.replica.body).doc }));
    const outcome = await askForObjection(exact, question, begun.value, this.session);
    if (outcome === 'decided') return begun.value.id;
    if (outcome !== 'cancelled' && outcome !== 'moved') return this.refuse(w.decide.pauseEnded[outcome.ended]);
    const cancelled = await api.cancelPause(this.session.slug, begun.value.id);
    if (!cancelled.ok) return this.refuse(sayProblem(cancelled));
    return outcome === 'moved' ? this.refuse(w.decide.textMoved) : null;
  }

  /** Open proposals stand before Agree: the chair says that they are left aside, or looks at them first. */
  private async askToSetAside(numbers: readonly number[]): Promise<boolean> {
    const reply = await ask({
      title: w.amend.openTitle(numbers.length),
      hint: w.amend.openHint(numbers.join(', ')),
      yes: w.amend.setAsideAll,
      no: w.amend.lookFirst,
    });
    return reply.yes;
  }

  private refuse(words: string): null {
    tell(words, 'refused');
    return null;
  }

  /** Names the brackets; they go, or the section is put in brackets, or (Escape) nothing happens. */
  private async refuseBrackets(section: Section): Promise<void> {
    const shown = await textApi.brackets(this.place, section.id);
    if (!shown.ok) return tell(sayProblem(shown), 'refused');
    const { textId, brackets } = shown.value;
    const standing = brackets.filter((b) => b.mark !== null && b.there);
    if (standing.length === 0) return tell(w.decide.notSame, 'refused');
    const reply = await ask({
      title: w.decide.bracketsOpen(standing.length),
      hint: w.decide.bracketsOpenHint,
      body: html`<ul class="named">
        ${standing.map((b) => html`<li dir="auto"><strong>[${b.words}]</strong> ${b.reason ?? w.brackets.noReason}</li>`)}
      </ul>`,
      yes: w.decide.liftAll(standing.length),
      no: w.brackets.putSection,
    });
    if (reply.dismissed) return;
    if (!reply.yes) return this.send(section, { kind: 'bracket', text_id: textId });
    const lifted = await textApi.liftBrackets(this.place, section.id, textId, [], commandKey());
    if (lifted.ok) tell(w.brackets.lifted(standing.length));
    else tell(sayProblem(lifted), 'refused');
  }

  private async agreesWithOpen(adRefs: number): Promise<boolean> {
    const reply = await ask({ title: w.positions.agreeWithOpen(adRefs), hint: w.positions.agreeWithOpenHint, yes: w.decide.agree });
    return reply.yes;
  }

  /** Agreed ad referendum by those present: the section stays open. */
  adRef(section: Section): Promise<void> {
    return this.alone(async () => {
      if (section.brackets > 0) return this.refuseBrackets(section);
      const { present } = this;
      if (present === null) return tell(w.positions.needPresent, 'refused');
      const shown = await this.show([section]);
      if (shown === null) return;
      const { text_id, content_hash } = shown.ids[0];
      await this.send(section, { kind: 'adref', text_id, content_hash, present });
    });
  }

  principle(section: Section): Promise<void> {
    return this.alone(async () => {
      const lines = (text: string): readonly string[] => text.split('\n').map((line) => line.trim()).filter((line) => line !== '');
      const reply = await ask({
        title: w.positions.principleTitle,
        hint: w.positions.principleHint,
        body: html`<label><span class="heard">${w.positions.principleHint}</span><textarea name="features" rows="5" maxlength="4000" dir="auto"></textarea></label>`,
        yes: w.positions.principle,
        check: (form) => (lines(String(new FormData(form).get('features') ?? '')).length === 0 ? w.positions.principleEmpty : null),
      });
      const features = lines(reply.fields.get('features') ?? '').map((words) => ({ words }));
      if (reply.yes) await this.send(section, { kind: 'principle', features });
    });
  }

  /** The secretariat's: a review round of this text has ended. */
  workingPaper(section: Section): Promise<void> {
    return this.alone(async () => {
      const shown = await this.show([section]);
      if (shown === null) return;
      const reply = await ask({ title: w.positions.workingPaperTitle, hint: w.positions.workingPaperHint, yes: w.positions.workingPaperDo });
      const { text_id, content_hash } = shown.ids[0];
      if (reply.yes) await this.send(section, { kind: 'working_paper', text_id, content_hash, reviewed: true });
    });
  }

  bracket(section: Section): Promise<void> {
    return this.alone(() => this.send(section, { kind: 'bracket', text_id: section.textId }));
  }

  withdraw(section: Section): Promise<void> {
    return this.alone(async () => {
      const reply = await ask({
        title: w.decide.withdrawTitle,
        hint: w.toSection(section.number, section.title),
        body: html`<fieldset>
          <legend>${w.decide.withdrawWhy}</legend>
          ${reasons.map(
            (reason, index) => html`<label class="choice"
              ><input type="radio" name="reason" value=${reason} ?checked=${index === 0} />${w.decide.withdrawReasons[reason]}</label
            >`,
          )}
        </fieldset>`,
        yes: w.decide.withdraw,
        danger: true,
      });
      const reason = reasons.find((r) => r === reply.fields.get('reason'));
      if (reply.yes && reason !== undefined) await this.send(section, { kind: 'withdraw', reason });
    });
  }

  reopen(section: Section): Promise<void> {
    return this.alone(async () => {
      const reply = await ask({
        title: w.decide.reopenTitle,
        hint: w.toSection(section.number, section.title),
        body: html`<label>${w.decide.reopenWhy}<input name="reason" maxlength="500" autocomplete="off" dir="auto" /></label>`,
        yes: w.decide.reopen,
        check: (form) => (String(new FormData(form).get('reason') ?? '').trim() === '' ? w.decide.reopenEmpty : null),
      });
      if (reply.yes) await this.send(section, { kind: 'reopen', reason: (reply.fields.get('reason') ?? '').trim() });
    });
  }

  undo(section: string): Promise<void> {
    return this.alone(async () => {
      const found = this.session.report?.sections.find((s) => s.id === section);
      if (found === undefined) return;
      // The decision that this page shows, so that an old page takes back no newer one. A reopening shows none.
      const shown = found.status.reopened ? null : found.status.decision;
      await this.send(found, shown === null ? { kind: 'undo' } : { kind: 'undo', undoes: shown });
    });
  }

  restore(section: Section): Promise<void> {
    return this.alone(async () => {
      const agreed = await api.agreed(this.place, section.id);
      if (!agreed.ok) return tell(sayProblem(agreed), 'refused');
      const reply = await ask({ title: w.decide.restoreTitle, hint: w.decide.restoreHint, yes: w.decide.restore });
      if (!reply.yes) return;
      const result = await api.restore(this.place, section.id, agreed.value.revision, commandKey());
      if (result.ok) tell(w.decide.restored);
      else tell(sayProblem(result), 'refused');
    });
  }

  private async send(section: Section, command: DecisionCommand): Promise<void> {
    const key = commandKey();
    let result = await api.decide(this.place, section.id, command, key);
    // The answer was lost on its way: the same key asks again without deciding twice.
    if (!result.ok && result.problem === 'unreachable') result = await api.decide(this.place, section.id, command, key);
    if (!result.ok) {
      tell(sayProblem(result), 'refused');
      void this.session.fetchReport();
      return;
    }
    this.last = command.kind === 'undo' ? null : { section: section.id, at: Date.now() };
    if (result.value.section === null) void this.session.fetchReport();
    else this.session.takeSection(result.value.section);
    if (command.kind === 'undo') tell(w.decide.undone);
    else if (command.kind === 'agree' || command.kind === 'alternatives') tell(`${w.decide.soDecided} ${result.value.sentence}`);
    else tell(result.value.sentence);
  }
}
