// The rules that the group gives itself: everybody reads them, the chair changes them, each change at once.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { commandKey } from '../connection';
import { tell } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { View } from '../ui/view';
import { sayProblem, w } from '../ui/words';
import { privacyLine } from './privacy';
import { roomApi } from './room-api';
import type { Rules } from './room-api';

type Flag = 'silence_by_itself' | 'co_leads_agree_ad_ref' | 'proposals_signed' | 'typist_alone_in_plenary' | 'secretariat_sees_positions';

class RulesElement extends View {
  static override readonly properties = { session: { attribute: false } };
  declare session: GroupSession;
  private rules: Rules | null = null;
  private problem: string | null = null;

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.session.onChange(this.again));
    this.until(
      this.session.live.events.on('event', (event) => {
        if (event.type === 'rules') void this.load();
      }),
    );
    void this.load();
  }

  private async load(): Promise<void> {
    const result = await roomApi.rules(this.session.slug);
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.rules = result.value;
    this.requestUpdate();
  }

  private async change(change: Partial<Rules>): Promise<void> {
    const result = await roomApi.changeRules(this.session.slug, change, commandKey());
    if (result.ok) {
      this.rules = result.value;
      tell(w.rules.saved);
    } else tell(sayProblem(result), 'refused');
    await this.load();
  }

  private flag(name: Flag, rules: Rules): TemplateResult {
    return html`<label class="rule"
      ><input type="checkbox" .checked=${rules[name]} ?disabled=${!this.session.can('decide')} @change=${(event: Event) => void this.change({ [name]: (event.target as HTMLInputElement).checked })} />
      <span><strong>${w.rules.flags[name]}</strong><span class="hint">${w.rules.flagHints[name]}</span></span></label>`;
  }

  private number(name: 'quorum' | 'kept_days', rules: Rules, label: string, hint: string): TemplateResult {
    return html`<label class="rule number"
      ><span><strong>${label}</strong><span class="hint">${hint}</span></span>
      <input type="number" min="0" max="9999" inputmode="numeric" .value=${String(rules[name])} ?disabled=${!this.session.can('decide')}
        @change=${(event: Event) => {
          const n = Number((event.target as HTMLInputElement).value);
          if (Number.isInteger(n) && n >= 0) void this.change({ [name]: n });
        }} /></label>`;
  }

  private unanimous(rules: Rules): TemplateResult {
    const choice = (value: Rules['unanimous']): TemplateResult =>
      html`<label class="choice"><input type="radio" name="unanimous" value=${value} .checked=${rules.unanimous === value} ?disabled=${!this.session.can('decide')} @change=${() => void this.change({ unanimous: value })} /> ${w.rules.unanimousKinds[value]}</label>`;
    return html`<fieldset class="choices"><legend>${w.rules.unanimous}</legend>${choice('none_objects')} ${choice('every_member_yes')}</fieldset>`;
  }

  private categories(rules: Rules): TemplateResult {
    const change = (category: string, n: number): void => void this.change({ quorum_by_category: { ...rules.quorum_by_category, [category]: n } });
    const add = (event: SubmitEvent): void => {
      event.preventDefault();
      const form = event.currentTarget as HTMLFormElement;
      const fields = new FormData(form);
      const category = String(fields.get('category') ?? '').trim();
      const n = Number(fields.get('least'));
      if (category !== '' && Number.isInteger(n) && n > 0) change(category, n);
      form.reset();
    };
    const known = Object.entries(rules.quorum_by_category);
    return html`${known.length === 0
      ? nothing
      : html`<ul class="plain">
          ${known.map(([category, n]) => html`<li><bdi>${category}</bdi>: ${n}
            ${this.session.can('decide') ? html`<button class="small" @click=${() => change(category, 0)}>${w.roll.remove}</button>` : nothing}</li>`)}
        </ul>`}
    ${this.session.can('decide')
      ? html`<form class="inline" @submit=${add}>
          <label>${w.roll.category}<input name="category" maxlength="200" autocomplete="off" dir="auto" /></label>
          <label>${w.rules.least}<input name="least" type="number" min="1" max="9999" inputmode="numeric" /></label>
          <button class="small" type="submit">${w.roll.addDo}</button>
        </form>`
      : nothing}`;
  }

  protected override render(): TemplateResult {
    const { rules } = this;
    const { group } = this.session;
    return html`<main class="sheet room-page">
      <h1>${w.rules.title}</h1>
      <p class="hint">${this.session.can('decide') ? w.rules.hintChair : w.rules.hint}</p>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${rules === null
        ? html`<p class="hint">${w.loading}</p>`
        : html`<section><h2>${w.rules.consent}</h2>${this.unanimous(rules)}${this.flag('silence_by_itself', rules)} ${this.flag('co_leads_agree_ad_ref', rules)}</section>
            <section><h2>${w.rules.quorum}</h2>${this.number('quorum', rules, w.rules.quorumNumber, w.rules.quorumHint)} ${this.categories(rules)}</section>
            <section><h2>${w.rules.names}</h2>${this.flag('secretariat_sees_positions', rules)} ${this.flag('proposals_signed', rules)}
              ${this.number('kept_days', rules, w.rules.keptDays, w.rules.keptHint)}
              <p class="hint">${w.rules.publicRecords}</p></section>
            <section><h2>${w.rules.writing}</h2>${this.flag('typist_alone_in_plenary', rules)}</section>`}
      ${group === null ? nothing : html`<p class="privacy">${privacyLine(group)}</p>`}
    </main>`;
  }
}
customElements.define('bossey-rules', RulesElement);
