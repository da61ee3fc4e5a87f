// Wording of disclaimers: clause by clause, at the level of the group, a report or a section, in one language or in all.
// The default stands beside each; what is empty says what the level above says. Shows at once how it will read.
import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { commandKey, textApi } from '../connection';
import type { Wording, WordingLevel, WordingText } from '../connection';
import { tell } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { paths } from '../ui/router';
import { View } from '../ui/view';
import { languages, sayProblem, w } from '../ui/words';

const previewAfter = 400;

class WordingsElement extends View {
  static override readonly properties = { session: { attribute: false }, query: { attribute: false } };
  declare session: GroupSession;
  declare query: URLSearchParams;
  private wording: Wording | null = null;
  private samples: Wording['samples'] = [];
  private reworded = new Map<string, string>();
  private shortReworded = new Map<string, string>();
  private added = '';
  private problem: string | null = null;
  private loadedFor = '';
  private previewing: ReturnType<typeof setTimeout> | undefined;
  /** Answers of earlier questions come too late. */
  private asked = 0;

  protected override willUpdate(_changed: PropertyValues<this>): void {
    const wanted = this.query.toString();
    if (wanted === this.loadedFor && this.wording !== null) return;
    if (wanted === this.loadedFor) return;
    this.loadedFor = wanted;
    this.until(this.session.onChange(this.again));
    void this.load();
  }

  private get level(): WordingLevel {
    return {
      group: this.session.slug,
      report: this.query.get('report'),
      section: this.query.get('section'),
      language: this.query.get('language') ?? '',
    };
  }

  private async load(): Promise<void> {
    const result = await textApi.wording(this.level);
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.take(result.value);
    this.requestUpdate();
  }

  private take(wording: Wording): void {
    this.wording = wording;
    this.samples = wording.samples;
    this.reworded = new Map(wording.reworded);
    this.shortReworded = new Map(wording.shortReworded);
    this.added = wording.added.join('\n');
  }

  private texts(): { reworded: ReadonlyMap<string, string>; shortReworded: ReadonlyMap<string, string>; added: readonly string[] } {
    const written = (texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> =>
      new Map([...texts].map(([name, text]) => [name, text.trim()] as const).filter(([, text]) => text !== ''));
    const added = this.added.split('\n').map((line) => line.trim()).filter((line) => line !== '');
    return { reworded: written(this.reworded), shortReworded: written(this.shortReworded), added };
  }

  private changed(): void {
    clearTimeout(this.previewing);
    this.previewing = setTimeout(() => void this.preview(), previewAfter);
    this.requestUpdate();
  }

  private async preview(): Promise<void> {
    this.asked += 1;
    const { asked } = this;
    const result = await textApi.previewWording(this.level, this.texts(), commandKey());
    if (asked !== this.asked) return;
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) this.samples = result.value.samples;
    this.requestUpdate();
  }

  private readonly save = async (event: Event): Promise<void> => {
    event.preventDefault();
    clearTimeout(this.previewing);
    this.asked += 1;
    const result = await textApi.setWording(this.level, this.texts(), commandKey());
    this.problem = result.ok ? null : sayProblem(result);
    if (result.ok) {
      this.take(result.value);
      tell(w.wordings.kept);
    } else tell(sayProblem(result), 'refused');
    this.requestUpdate();
  };

  private clause(text: WordingText, own: Map<string, string>, rows: number): TemplateResult {
    const value = own.get(text.name) ?? '';
    const name = (w.wordings.names as Readonly<Record<string, string>>)[text.name] ?? text.name.replaceAll('_', ' ');
    return html`<div class="clause" data-clause=${text.name}>
      <label
        >${name}<textarea
          rows=${rows}
          dir="auto"
          placeholder=${text.inherited}
          .value=${value}
          @input=${(event: Event) => {
            own.set(text.name, (event.target as HTMLTextAreaElement).value);
            this.changed();
          }}
        ></textarea>
      </label>
      <p class="hint" dir="auto">${w.wordings.standard} ${text.inherited}</p>
      ${value.trim() === ''
        ? nothing
        : html`<button
            class="small"
            type="button"
            @click=${() => {
              own.delete(text.name);
              this.changed();
            }}
          >${w.wordings.reset}</button>`}
    </div>`;
  }

  private languageLink(code: string, name: string): TemplateResult {
    const { report, section, language } = this.level;
    const query = {
      ...(report === null ? {} : { report }),
      ...(section === null ? {} : { section }),
      ...(code === '' ? {} : { language: code }),
    };
    return html`<a href=${paths.wordings(this.session.slug, query)} aria-current=${language === code ? 'true' : nothing} lang=${code === '' ? nothing : code}
      >${name}</a
    >`;
  }

  private levelName(): string {
    const { report, section } = this.level;
    if (section !== null) {
      const found = this.session.report?.sections.find((s) => s.id === section);
      return found === undefined ? w.wordings.section : w.toSection(found.number, found.title);
    }
    if (report !== null) return this.session.group?.reports.find((r) => r.slug === report)?.title ?? report;
    return this.session.group?.name ?? '';
  }

  protected override render(): TemplateResult {
    const { wording } = this;
    const mayWord = this.session.can('decide');
    document.title = w.wordings.title;
    return html`<main class="sheet wordings">
      <h1>${w.wordings.title}</h1>
      <p><strong><bdi>${this.levelName()}</bdi></strong></p>
      <p class="hint">${w.wordings.hint}</p>
      <nav class="row languages-of" aria-label=${w.wordings.language}>
        ${this.languageLink('', w.wordings.allLanguages)} ${Object.entries(languages).map(([code, { name }]) => this.languageLink(code, name))}
      </nav>
      ${this.problem === null ? nothing : html`<p class="problem" role="alert">${this.problem}</p>`}
      ${wording === null
        ? html`<p class="hint">${w.loading}</p>`
        : html`<form @submit=${this.save} ?inert=${!mayWord}>
            <div class="clauses">
              <h2>${w.wordings.clauses}</h2>
              ${wording.clauses.map((text) => this.clause(text, this.reworded, 3))}
              <h2>${w.wordings.shorts}</h2>
              ${wording.shorts.map((text) => this.clause(text, this.shortReworded, 1))}
              <h2>${w.wordings.added}</h2>
              ${wording.addedAbove.map((sentence) => html`<p dir="auto">${sentence}</p>`)}
              <label
                >${w.wordings.addedHint}<textarea
                  name="added"
                  rows="3"
                  dir="auto"
                  .value=${this.added}
                  @input=${(event: Event) => {
                    this.added = (event.target as HTMLTextAreaElement).value;
                    this.changed();
                  }}
                ></textarea>
              </label>
            </div>
            <section class="card preview" aria-label=${w.wordings.preview}>
              <h2>${w.wordings.preview}</h2>
              <dl>${this.samples.map((s) => html`<dt>${s.status}</dt><dd><p class="disclaimer" dir="auto">${s.full}</p><p class="hint"><bdi>${s.short}</bdi></p></dd>`)}</dl>
              ${mayWord ? html`<button class="main" type="submit">${w.wordings.keep}</button>` : nothing}
            </section>
          </form>`}
    </main>`;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.previewing);
  }
}
customElements.define('bossey-wordings', WordingsElement);
