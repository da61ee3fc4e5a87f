// The people of a group: roles, personal links, devices. The administrator changes them; chair and secretariat read.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { api, commandKey, roles } from '../connection';
import type { Person, Result, Role } from '../connection';
import { tell } from '../ui/announcer';
import { copyText } from '../ui/copy';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { View } from '../ui/view';
import { moment, sayProblem, w } from '../ui/words';

class PeopleElement extends View {
  static override readonly properties = { session: { attribute: false } };
  declare session: GroupSession;
  private people: readonly Person[] | null = null;
  private problem: string | null = null;
  private newLink: { readonly person: string; readonly url: string } | null = null;
  private addKey = commandKey();

  override connectedCallback(): void {
    super.connectedCallback();
    this.until(this.session.onChange(this.again));
    void this.load();
  }

  private async load(): Promise<void> {
    const result = await api.people(this.session.slug);
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.people = result.value;
    this.requestUpdate();
  }

  private async done(result: Result<unknown>): Promise<void> {
    if (!result.ok) tell(sayProblem(result), 'refused');
    await this.load();
  }

  private async add(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const fields = new FormData(form);
    const name = String(fields.get('name') ?? '').trim();
    const role = roles.find((r) => r === fields.get('role')) ?? 'member';
    if (name === '') return;
    const result = await api.addPerson(this.session.slug, name, role, String(fields.get('category') ?? '').trim(), this.addKey);
    if (result.ok || result.problem !== 'unreachable') this.addKey = commandKey();
    if (result.ok) form.reset();
    await this.done(result);
    if (result.ok) await this.makeLink(result.value);
  }

  private async makeLink(person: string): Promise<void> {
    const result = await api.makeLink(this.session.slug, person);
    if (result.ok) this.newLink = { person, url: result.value };
    await this.done(result);
    await this.updateComplete;
    this.querySelector<HTMLInputElement>('.new-link input')?.select();
  }

  private async change(person: Person, role: string): Promise<void> {
    const wanted = roles.find((r) => r === role);
    if (wanted !== undefined) await this.done(await api.changePerson(this.session.slug, person.id, { role: wanted }));
  }

  private async removePerson(person: Person): Promise<void> {
    const reply = await ask({ title: w.roll.removeTitle(person.name), hint: w.roll.removeHint, yes: w.roll.removeDo, danger: true });
    if (reply.yes) await this.done(await api.removePerson(this.session.slug, person.id));
  }

  private roleChoice(name: string, chosen: Role, change: ((role: string) => void) | null): TemplateResult {
    return html`<select name=${name} aria-label=${w.roll.role} @change=${(event: Event) => change?.((event.target as HTMLSelectElement).value)}>
      ${roles.map((role) => html`<option value=${role} ?selected=${role === chosen}>${w.roles[role]}</option>`)}
    </select>`;
  }

  private renderPerson(person: Person, mayChange: boolean): TemplateResult {
    const open = person.links.filter((link) => link.used === null);
    const { slug } = this.session;
    return html`<li class="person">
      <div class="who">
        <strong><bdi>${person.name}</bdi></strong>
        ${person.category === '' ? nothing : html`<span class="hint"><bdi>${person.category}</bdi></span>`}
      </div>
      <div>${mayChange ? this.roleChoice('', person.role, (role) => void this.change(person, role)) : w.roles[person.role]}</div>
      <div class="hint">${w.roll.sessions(person.sessions)} · ${w.roll.links(open.length)}</div>
      ${mayChange
        ? html`<div class="row">
            <button class="small" @click=${() => void this.makeLink(person.id)}>${w.roll.link}</button>
            ${open.map(
              (link) => html`<button
                class="small"
                title=${w.roll.revokeLink(moment(link.made))}
                @click=${async () => this.done(await api.revokeLink(slug, person.id, link.id))}
              >
                ${w.roll.revoke} <span class="hint">${moment(link.made)}</span>
              </button>`,
            )}
            ${person.sessions > 0
              ? html`<button class="small" @click=${async () => this.done(await api.endSessions(slug, person.id))}>${w.roll.endSessions}</button>`
              : nothing}
            <button class="small" @click=${() => void this.removePerson(person)}>${w.roll.remove}</button>
          </div>`
        : nothing}
      ${this.newLink?.person === person.id
        ? html`<div class="new-link" role="status">
            <label
              >${w.roll.linkReady(person.name)}
              <input readonly .value=${this.newLink.url} dir="ltr" @focus=${(event: Event) => (event.target as HTMLInputElement).select()} /></label>
            <button class="small main" @click=${async () => {
              if (await copyText(this.newLink?.url ?? '')) tell(w.roll.copied);
            }}>${w.roll.copy}</button>
          </div>`
        : nothing}
    </li>`;
  }

  protected override render(): TemplateResult {
    const mayChange = this.session.can('people');
    return html`<main class="sheet wide">
      <h1>${w.roll.title}</h1>
      ${mayChange ? html`<p class="hint">${w.roll.hint}</p>` : nothing}
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${this.people === null
        ? html`<p class="hint">${w.loading}</p>`
        : html`<ul class="roll">
            ${this.people.map((person) => this.renderPerson(person, mayChange))}
          </ul>`}
      ${mayChange
        ? html`<form class="adding" @submit=${this.add}>
            <h2>${w.roll.add}</h2>
            <label>${w.roll.name}<input name="name" required maxlength="200" autocomplete="off" dir="auto" /></label>
            <label>${w.roll.role}${this.roleChoice('role', 'member', null)}</label>
            <label>${w.roll.category}<input name="category" maxlength="200" autocomplete="off" placeholder=${w.roll.categoryHint} dir="auto" /></label>
            <button type="submit">${w.roll.addDo}</button>
          </form>`
        : nothing}
    </main>`;
  }
}
customElements.define('bossey-people', PeopleElement);
