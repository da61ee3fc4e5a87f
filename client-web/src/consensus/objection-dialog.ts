// The pause before a decision on a text: the exact words in large type, "Any objection?", visible seconds, one way out.
// The server holds the text meanwhile and ends the pause when somebody objects.
import { html, render } from 'lit';
import type { Pause, PauseState, Section, SectionDocument } from '../connection';
import { renderStatic } from '../editor';
import type { Reading } from '../editor';
import { speak } from '../ui/announcer';
import { w } from '../ui/words';

/** `ended`: the server ended it, and why. */
export type Outcome = 'decided' | 'cancelled' | 'moved' | { readonly ended: Exclude<PauseState, 'began' | 'decided'> };

/** A page that counts from the answer is behind the server already; this is for clocks that run unevenly. */
const spareMs = 60;

export interface HeardPauses {
  readonly endedPauses: ReadonlyMap<string, PauseState>;
  onChange(listener: () => void): () => void;
}

export interface ObjectionText {
  readonly section: Section;
  readonly document: SectionDocument;
  readonly text: Reading['doc'];
}

export function askForObjection(
  texts: readonly ObjectionText[],
  question: string,
  pause: Pause,
  heard: HeardPauses,
): Promise<Outcome> {
  if (pause.seconds === 0) return Promise.resolve('decided');
  return new Promise((resolve) => {
    const pauseSeconds = pause.seconds;
    const end = performance.now() + pause.leftMs + spareMs;
    const dialog = document.createElement('dialog');
    dialog.className = 'objection';
    let left = Math.ceil(pause.leftMs / 1000);
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
      clearTimeout(over);
      for (const stop of stops) stop();
      dialog.close();
      dialog.remove();
      resolve(outcome);
    };
    const stops = texts.flatMap(({ document: live }) => [
      live.events.on('change', () => finish('moved')),
      live.events.on('replaced', () => finish('moved')),
    ]);
    const hear = (): void => {
      const state = heard.endedPauses.get(pause.id);
      if (state === 'objected' || state === 'cancelled' || state === 'expired') finish({ ended: state });
    };
    stops.push(heard.onChange(hear));
    const timer = setInterval(() => {
      left = Math.max(1, Math.ceil((end - performance.now()) / 1000));
      draw();
    }, 250);
    const over = setTimeout(() => finish('decided'), pause.leftMs + spareMs);
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      finish('cancelled');
    });
    draw();
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLElement>('button')?.focus();
    speak(`${question} ${w.decide.seconds(pauseSeconds)}`);
    hear();
  });
}
