// The versions of a closed report: checksum, print, Markdown, what changed since the one before, and to whom each went.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { closingApi, commandKey, releasePaths } from '../connection';
import type { Release } from '../connection';
import { paths } from '../ui/router';
import { moment, w } from '../ui/words';
import type { ClosingPlace } from './correction-card';
import { inBothZones } from './phase';

interface ReleasesPlace extends ClosingPlace {
  /** With revisions, once they are known. */
  readonly releases: readonly Release[];
}

function redlineLink(at: ReleasesPlace, release: Release): TemplateResult | typeof nothing {
  const before = at.releases.find((r) => r.id === release.before);
  if (before?.revision == null || release.revision === null) return nothing;
  const query = { from: before.revision, to: release.revision };
  return html`<a href=${paths.redline(at.place.group, at.place.report, query)}>${w.closing.changesSince(before.id)}</a>`;
}

async function transmit(at: ReleasesPlace, release: Release, event: SubmitEvent): Promise<void> {
  event.preventDefault();
  const form = event.currentTarget as HTMLFormElement;
  const fields = new FormData(form);
  const field = (name: string): string => String(fields.get(name) ?? '').trim();
  const step = {
    release: release.id,
    checksum: field('checksum').toLowerCase(),
    from: field('from'),
    to: field('to'),
    at: new Date(field('at')).toISOString().replace(/\.\d+Z$/u, 'Z'),
  };
  if (await at.run(closingApi.transmit(at.place, step, commandKey()), w.closing.transmitted)) form.reset();
}

function transmitForm(at: ReleasesPlace): TemplateResult | typeof nothing {
  const last = at.releases.at(-1);
  const mayRecord = at.session.can('outline') && (at.closing.phase === 'final' || at.closing.phase === 'transmitted');
  if (!mayRecord || last === undefined) return nothing;
  const now = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return html`<form class="transmit" @submit=${(event: SubmitEvent) => void transmit(at, last, event)}>
    <h3>${w.closing.transmit}</h3>
    <div class="fields">
      <label>${w.closing.transmitFrom}<input name="from" required maxlength="200" autocomplete="off" dir="auto" /></label>
      <label>${w.closing.transmitTo}<input name="to" required maxlength="200" autocomplete="off" dir="auto" /></label>
      <label>${w.closing.transmitAt}<input type="datetime-local" name="at" required value=${now} /></label>
      <label>${w.closing.transmitChecksum}<input name="checksum" required pattern="[0-9A-Fa-f]{64}" maxlength="64" autocomplete="off" dir="ltr" spellcheck="false" /></label>
    </div>
    <button type="submit">${w.closing.transmitDo}</button>
  </form>`;
}

export function releaseList(at: ReleasesPlace): TemplateResult {
  return html`<section aria-labelledby="versions">
    <h2 id="versions">${w.closing.versions}</h2>
    <ul class="releases">
      ${[...at.releases].reverse().map(
        (release) => html`<li>
          <h3><bdi>${release.id === 'F' ? w.closing.finalVersion : w.closing.version(release.id)}</bdi> <span class="hint">${moment(release.at)}</span></h3>
          <p class="checksum"><span class="hint">SHA-256</span> <code dir="ltr">${release.checksum}</code></p>
          <p class="row">
            <a href=${releasePaths.print(at.place, release.id)} target="_blank">${w.nav.print}</a>
            <a href=${releasePaths.markdown(at.place, release.id)} download>${w.nav.download}</a> ${redlineLink(at, release)}
          </p>
        </li>`,
      )}
    </ul>
    ${at.closing.transmittals.length === 0
      ? nothing
      : html`<h3>${w.closing.transmittals}</h3>
          <ul class="transmittals">
            ${at.closing.transmittals.map((t) => html`<li><bdi>${inBothZones(t.at)}</bdi> · <bdi>${t.release}</bdi> · <bdi>${t.from}</bdi> → <bdi>${t.to}</bdi></li>`)}
          </ul>`}
    ${transmitForm(at)}
  </section>`;
}
