// The groups a person is in.
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Me } from '../connection';
import { paths } from './router';
import { w } from './words';

export function homePage(me: Me): TemplateResult {
  return html`<main class="sheet">
    <h1>${w.home.title}</h1>
    ${me.groups.length === 0
      ? html`<p class="hint">${w.home.none}</p>`
      : html`<ul class="cards">
          ${me.groups.map(
            (g) => html`<li>
              <a href=${paths.group(g.slug)}><strong><bdi>${g.name}</bdi></strong><span>${w.roles[g.role]}</span></a>
            </li>`,
          )}
        </ul>`}
  </main>`;
}
