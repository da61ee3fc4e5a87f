// The line under a report's title: brackets still there, publication, and what chair and secretariat record of it.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { commandKey, textApi } from '../connection';
import type { Report } from '../connection';
import { tell } from '../ui/announcer';
import { ask } from '../ui/dialog';
import type { GroupSession } from '../ui/group-session';
import { go, paths } from '../ui/router';
import { languages, moment, sayProblem, w } from '../ui/words';

const kinds = ['report', 'working paper', 'background report'] as const;
const day = (iso: string | undefined): string => iso?.slice(0, 10) ?? '';

async function recordFacts(report: Report, session: GroupSession): Promise<void> {
  const choice = (name: string, value: string, words: string, chosen: boolean): TemplateResult =>
    html`<label class="choice"><input type="radio" name=${name} value=${value} ?checked=${chosen} />${words}</label>`;
  const reply = await ask({
    title: w.facts.title,
    hint: w.facts.hint,
    body: html`<fieldset>
        <legend>${w.facts.kind}</legend>
        ${kinds.map((kind) => choice('kind', kind, w.facts.kinds[kind], report.kind === kind))}
      </fieldset>
      <fieldset class="across">
        <legend>${w.facts.language}</legend>
        ${Object.entries(languages).map(([code, { name }]) => choice('language', code, name, report.language === code))}
      </fieldset>
      <label>${w.facts.published}<input type="date" name="published" .value=${day(report.published?.at)} /></label>
      <label>${w.facts.until}<input type="date" name="until" .value=${day(report.published?.until)} /></label>`,
    yes: w.facts.keep,
    check: (form) => {
      const fields = new FormData(form);
      return (fields.get('published') === '') === (fields.get('until') === '') ? null : w.facts.bothDays;
    },
  });
  if (!reply.yes) return;
  const published = reply.fields.get('published') ?? '';
  const result = await textApi.setFacts(
    { group: session.slug, report: report.slug },
    {
      kind: reply.fields.get('kind') ?? report.kind,
      language: reply.fields.get('language') ?? report.language,
      ...(published === ''
        ? { not_published: true }
        : { published: `${published}T00:00:00Z`, comments_until: `${reply.fields.get('until') ?? published}T23:59:59Z` }),
    },
    commandKey(),
  );
  if (result.ok) tell(w.facts.kept);
  else tell(sayProblem(result), 'refused');
  void session.fetchReport();
}

async function derive(report: Report, session: GroupSession): Promise<void> {
  const reply = await ask({
    title: w.derive.title,
    hint: w.derive.hint,
    body: html`<label>${w.derive.name}<input name="title" maxlength="300" required autocomplete="off" dir="auto" /></label>`,
    yes: w.derive.do,
  });
  const title = (reply.fields.get('title') ?? '').trim();
  if (!reply.yes || title === '') return;
  const result = await textApi.derive({ group: session.slug, report: report.slug }, title, commandKey());
  if (!result.ok) return tell(sayProblem(result), 'refused');
  void session.refresh();
  go(paths.report(session.slug, result.value));
}

export function reportLine(report: Report, session: GroupSession): TemplateResult {
  const brackets = report.sections.reduce((sum, s) => sum + s.brackets, 0);
  const shapes = session.can('outline');
  return html`${brackets === 0 ? nothing : html`<span>${w.brackets.inReport(brackets)}</span>`}
    ${report.published == null ? nothing : html`<span>${w.facts.publishedUntil(moment(report.published.until))}</span>`}
    ${shapes || session.can('decide')
      ? html`<details class="more">
          <summary class="small">${w.decide.more}</summary>
          <div class="menu">
            ${shapes
              ? html`<button class="quiet" @click=${() => void recordFacts(report, session)}>${w.facts.open}</button>
                  <button class="quiet" @click=${() => void derive(report, session)}>${w.derive.open}</button>`
              : nothing}
            ${session.can('decide') ? html`<a href=${paths.wordings(session.slug, { report: report.slug })}>${w.wordings.title}</a>` : nothing}
          </div>
        </details>`
      : nothing}`;
}
