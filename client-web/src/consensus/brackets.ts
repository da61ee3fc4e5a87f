// The brackets of a section: which words, why, and what this person may do. Opens under the status line, or at a
// bracket that was pointed at. Owners are shown to themselves and to the chair; the server sends them to nobody else.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api, commandKey, textApi } from '../connection';
import type { Bracket, BracketList, Result } from '../connection';
import { tell } from '../ui/announcer';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { View } from '../ui/view';
import { sayProblem, w } from '../ui/words';

class BracketsElement extends View {
  static override readonly properties = {
    session: { attribute: false },
    slug: { attribute: false },
    section: { attribute: false },
    mark: { attribute: false },
    state: { attribute: false },
    close: { attribute: false },
  };
  declare session: GroupSession;
  declare slug: string;
  declare section: string;
  /** The bracket that was pointed at; null: all of them. */
  declare mark: string | null;
  /** Changes whenever the list may have. */
  declare state: string;
  declare close: () => void;
  private list: BracketList | null = null;
  private problem: string | null = null;
  private fetchedFor = '';

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.onKey);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.close();
  };

  protected override updated(): void {
    const wanted = `${this.section} ${this.state}`;
    if (wanted === this.fetchedFor) return;
    this.fetchedFor = wanted;
    void this.load();
  }

  private get place(): { readonly group: string; readonly report: string } {
    return { group: this.session.slug, report: this.slug };
  }

  private async load(): Promise<void> {
    this.take(await textApi.brackets(this.place, this.section));
  }

  private take(result: Result<BracketList>): boolean {
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.list = result.value;
    this.requestUpdate();
    return result.ok;
  }

  private async change(work: Promise<Result<BracketList>>, said: string): Promise<void> {
    const result = await work;
    if (!result.ok) {
      tell(sayProblem(result), 'refused');
      return this.load();
    }
    this.take(result);
    tell(said);
  }

  private async giveReason(bracket: Bracket): Promise<void> {
    if (bracket.mark === null) return;
    const reply = await ask({
      title: w.brackets.why,
      hint: `[${bracket.words}]`,
      body: html`<label
        >${w.brackets.reason}<input name="reason" maxlength="400" autocomplete="off" dir="auto" .value=${bracket.reason ?? ''} />
      </label>`,
      yes: w.brackets.keepReason,
      check: needsReason,
    });
    const reason = (reply.fields.get('reason') ?? '').trim();
    if (reply.yes) await this.change(textApi.giveReason(this.place, this.section, bracket.mark, reason, commandKey()), w.brackets.reasonKept);
  }

  private lift(bracket: Bracket): Promise<void> {
    const textId = this.list?.textId ?? '';
    return this.change(textApi.liftBrackets(this.place, this.section, textId, [bracket.mark ?? ''], commandKey()), w.brackets.lifted(1));
  }

  private move(bracket: Bracket, move: 'set' | 'withdraw' | 'consent', said: string): Promise<void> {
    return this.change(textApi.moveBracket(this.place, this.section, bracket.number ?? 0, move, commandKey()), said);
  }

  private buttons(bracket: Bracket): TemplateResult {
    const standing = bracket.mark !== null && bracket.there;
    const small = (label: string, act: () => Promise<void>): TemplateResult =>
      html`<button class="small" @click=${() => void act()}>${label}</button>`;
    return html`<span class="row">
      ${standing && bracket.mayGiveReason
        ? small(bracket.reason === null ? w.brackets.giveReason : w.brackets.changeReason, () => this.giveReason(bracket))
        : nothing}
      ${standing && bracket.mayLift ? small(w.brackets.lift, () => this.lift(bracket)) : nothing}
      ${standing && bracket.mayConsent ? small(w.brackets.consent, () => this.move(bracket, 'consent', w.brackets.consented)) : nothing}
      ${bracket.maySet ? small(w.brackets.set, () => this.move(bracket, 'set', w.brackets.isSet)) : nothing}
      ${bracket.mine && !standing ? small(w.brackets.withdraw, () => this.move(bracket, 'withdraw', w.brackets.withdrawn)) : nothing}
    </span>`;
  }

  private item(bracket: Bracket): TemplateResult {
    const whose = bracket.mine ? w.brackets.yours : bracket.owner === null ? null : w.brackets.of(bracket.owner);
    const consents = [bracket.ownerConsents ? w.brackets.ownerConsents : null, bracket.chairConsents ? w.brackets.chairConsents : null].filter(
      (words) => words !== null,
    );
    return html`<li class="depth-${Math.min(3, bracket.depth)}">
      <p class="quoted" dir="auto">${bracket.mark === null ? bracket.words : `[${bracket.words}]`}</p>
      <p dir="auto">
        ${bracket.state === 'asked' ? html`<strong>${w.brackets.asked}</strong> ` : nothing}
        ${bracket.there ? nothing : html`<strong>${w.brackets.gone}</strong> `}
        ${bracket.reason === null ? html`<em>${w.brackets.noReason}</em>` : bracket.reason}
      </p>
      ${whose === null && consents.length === 0
        ? nothing
        : html`<p class="hint"><bdi>${[whose, ...consents].filter((words) => words !== null).join('. ')}.</bdi></p>`}
      ${this.buttons(bracket)}
    </li>`;
  }

  protected override render(): TemplateResult {
    const all = this.list?.brackets ?? [];
    const pointed = all.filter((b) => b.mark !== null && b.mark === this.mark);
    const shown = pointed.length > 0 ? pointed : all;
    return html`<div class="brackets-card card" role="dialog" aria-label=${w.brackets.label}>
      <button class="quiet close" aria-label=${w.dismiss} @click=${() => this.close()}>×</button>
      ${this.problem === null ? nothing : html`<p class="problem">${this.problem}</p>`}
      ${this.list !== null && all.length === 0 ? html`<p class="hint">${w.brackets.none}</p>` : nothing}
      <ul>${shown.map((bracket) => this.item(bracket))}</ul>
    </div>`;
  }
}
customElements.define('bossey-brackets', BracketsElement);

function needsReason(form: HTMLFormElement): string | null {
  return String(new FormData(form).get('reason') ?? '').trim() === '' ? w.brackets.reasonEmpty : null;
}

export interface BracketedText {
  readonly session: GroupSession;
  readonly slug: string;
  readonly section: string;
}

/** What is selected on the page within a section, and which of the places with these words it is. */
export function selectedWords(element: HTMLElement): { readonly words: string; readonly nth: number } {
  const selection = document.getSelection();
  const text = element.querySelector(':scope > .text');
  if (selection === null || selection.isCollapsed || text === null || !text.contains(selection.anchorNode) || !text.contains(selection.focusNode)) {
    return { words: '', nth: 0 };
  }
  const squeeze = (words: string): string => words.replace(/\s+/gu, ' ');
  const words = squeeze(selection.toString()).trim();
  const range = document.createRange();
  range.selectNodeContents(text);
  const { startContainer, startOffset } = selection.getRangeAt(0);
  range.setEnd(startContainer, startOffset);
  const before = squeeze(range.toString());
  return { words, nth: words === '' ? 0 : before.split(words).length - 1 };
}

/** A member asks for brackets around words; whoever holds the pen sets them at once, naming who asked. */
export async function askForBrackets(text: BracketedText, chosen: { readonly words: string; readonly nth: number }): Promise<void> {
  const { session, slug, section } = text;
  const people = session.can('see_people') && !session.can('decide') ? await peopleToName(session) : [];
  const reply = await ask({
    title: people.length > 0 ? w.brackets.setTitle : w.brackets.askTitle,
    hint: w.brackets.askHint,
    body: html`<label>${w.brackets.words}<textarea name="words" rows="3" dir="auto" .value=${chosen.words}></textarea></label>
      <label>${w.brackets.reason}<input name="reason" maxlength="400" autocomplete="off" dir="auto" /></label>
      ${people.length === 0
        ? nothing
        : html`<label
            >${w.brackets.whoAsks}<select name="for">
              ${people.map((p) => html`<option value=${p.id}>${p.name}</option>`)}
            </select></label
          >`}`,
    yes: people.length > 0 ? w.brackets.set : w.brackets.askDo,
    check: (form) => (String(new FormData(form).get('words') ?? '').trim() === '' ? w.brackets.wordsEmpty : needsReason(form)),
  });
  if (!reply.yes) return;
  const words = (reply.fields.get('words') ?? '').trim();
  const whose = Number(reply.fields.get('for') ?? '');
  const result = await textApi.askBrackets(
    { group: session.slug, report: slug },
    section,
    {
      words,
      nth: words === chosen.words ? chosen.nth : 0,
      reason: (reply.fields.get('reason') ?? '').trim(),
      ...(Number.isInteger(whose) && whose > 0 ? { for: whose } : {}),
    },
    commandKey(),
  );
  if (result.ok) tell(people.length > 0 ? w.brackets.isSet : w.brackets.isAsked);
  else tell(sayProblem(result), 'refused');
}

async function peopleToName(session: GroupSession): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const people = await api.people(session.slug);
  return people.ok ? people.value.filter((p) => p.role === 'member') : [];
}
