// Says things once: a line at the foot of the page for everybody, and the same to screen readers.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { View } from './view';
import { w } from './words';

export interface Notice {
  readonly text: string;
  readonly tone: 'plain' | 'refused';
  /** An address and its words, for "Show the proposal". */
  readonly link?: { readonly href: string; readonly words: string };
  /** Text the person may want to take along. */
  readonly keep?: string;
  /** Stays until closed. */
  readonly stays?: boolean;
}

const holdFor = 9_000;

export class AnnouncerElement extends View {
  private shown: readonly (Notice & { readonly id: number })[] = [];
  private spoken = '';
  private last = 0;

  notice(notice: Notice): void {
    this.last += 1;
    const id = this.last;
    this.shown = [...this.shown.slice(-2), { ...notice, id }];
    this.speak(notice.text);
    if (notice.stays !== true && notice.keep === undefined) setTimeout(() => this.drop(id), holdFor);
    this.requestUpdate();
  }

  /** Only to screen readers: what others see on the page already. */
  speak(text: string): void {
    this.spoken = this.spoken === text ? `${text}\u00a0` : text;
    this.requestUpdate();
  }

  private drop(id: number): void {
    this.shown = this.shown.filter((notice) => notice.id !== id);
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    return html`
      <div class="heard" aria-live="polite" aria-atomic="true">${this.spoken}</div>
      <div class="notices">
        ${this.shown.map(
          (notice) => html`<div class="notice ${notice.tone}">
            <p>${notice.text}${notice.link === undefined ? nothing : html` <a href=${notice.link.href}>${notice.link.words}</a>`}</p>
            ${notice.keep === undefined ? nothing : html`<textarea readonly rows="5" .value=${notice.keep}></textarea>`}
            <button class="quiet" @click=${() => this.drop(notice.id)}>${w.dismiss}</button>
          </div>`,
        )}
      </div>
    `;
  }
}
customElements.define('bossey-announcer', AnnouncerElement);

let element: AnnouncerElement | null = null;

function announcer(): AnnouncerElement {
  if (element === null || !element.isConnected) {
    element = document.createElement('bossey-announcer') as AnnouncerElement;
    document.body.append(element);
  }
  return element;
}

export function tell(text: string, tone: Notice['tone'] = 'plain'): void {
  announcer().notice({ text, tone });
}

export function tellWith(notice: Notice): void {
  announcer().notice(notice);
}

export function speak(text: string): void {
  announcer().speak(text);
}
