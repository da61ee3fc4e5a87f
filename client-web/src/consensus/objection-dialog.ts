// The pause before a decision on a text: the exact words in large type, "Any objection?", five visible seconds, one
// way out. Ends by itself as moved when a letter of the text changes.
import { html, render } from 'lit';
import type { Section, SectionDocument } from '../connection';
import { renderStatic } from '../editor';
import type { Reading } from '../editor';
import { speak } from '../ui/announcer';
import { w } from '../ui/words';

export type Outcome = 'decided' | 'cancelled' | 'moved';

const pauseSeconds = 5;

export interface ObjectionText {
  readonly section: Section;
  readonly document: SectionDocument;
  readonly text: Reading['doc'];
}

export function askForObjection(texts: readonly ObjectionText[], question: string): Promise<Outcome> {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = 'objection';
    let left = pauseSeconds;
    const exact = texts.map(({ section, document: live, text }) => ({
      number: section.number,
      title: live.replica.title.toString(),
      words: renderStatic(text),
    }));
    const draw = (): void => {
      render(
        html`<div class="ask">
            <h2>${question}</h2>
            <p class="hint">${w.decide.anyObjectionHint}</p>
            <div class="count" role="timer" aria-label=${w.decide.seconds(left)}>
              <span class="left">${left}</span>
              <span class="steps" aria-hidden="true"
                >${Array.from({ length: pauseSeconds }, (_, i) => html`<span class=${i < left ? 'step' : 'step gone'}></span>`)}</span
              >
            </div>
            <button class="main" @click=${() => finish('cancelled')}>${w.decide.cancel}</button>
          </div>
          <article class="exact" tabindex="0" aria-label=${question}>
            ${exact.map(
              ({ number, title, words }) => html`<h3><bdi>${number}</bdi> <span dir="auto">${title}</span></h3>
                <div class="words">${words}</div>`,
            )}
          </article>`,
        dialog,
      );
    };
    const finish = (outcome: Outcome): void => {
      clearInterval(timer);
      for (const stop of stops) stop();
      dialog.close();
      dialog.remove();
      resolve(outcome);
    };
    const stops = texts.flatMap(({ document: live }) => [
      live.events.on('change', () => finish('moved')),
      live.events.on('replaced', () => finish('moved')),
    ]);
    const timer = setInterval(() => {
      left -= 1;
      if (left <= 0) finish('decided');
      else draw();
    }, 1000);
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      finish('cancelled');
    });
    draw();
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLElement>('button')?.focus();
    speak(`${question} ${w.decide.seconds(pauseSeconds)}`);
  });
}
