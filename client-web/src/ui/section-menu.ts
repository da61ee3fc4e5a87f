// What anybody may do with one section: take its address, see what changed, print it, download it.
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { tell } from './announcer';
import { copyText } from './copy';
import { paths } from './router';
import { w } from './words';

export interface SectionPlace {
  readonly group: string;
  readonly report: string;
  readonly section: string;
}

async function copyAddress({ group, report, section }: SectionPlace): Promise<void> {
  if (await copyText(location.origin + paths.report(group, report, section))) tell(w.sectionMenu.copied);
}

export function sectionMenu(place: SectionPlace): TemplateResult {
  const { group, report, section } = place;
  return html`<button class="quiet" @click=${() => void copyAddress(place)}>${w.sectionMenu.copy}</button>
    <a href=${paths.redline(group, report, { section })}>${w.nav.redline}</a>
    <a href=${paths.print(group, report, section)} target="_blank">${w.sectionMenu.print}</a>
    <a href=${paths.markdown(group, report, section)} download>${w.sectionMenu.download}</a>`;
}
