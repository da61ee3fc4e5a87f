// A question to the person: a title, a sentence, sometimes a field, and never more than two buttons. Answers a promise.
import { html, nothing, render } from 'lit';
import type { TemplateResult } from 'lit';
import { w } from './words';

export interface Question {
  readonly title: string;
  readonly hint?: string;
  readonly body?: TemplateResult;
  readonly yes: string;
  readonly no?: string;
  /** Reads and checks the fields; a text is shown and the dialog stays. */
  readonly check?: (form: HTMLFormElement) => string | null;
  readonly danger?: boolean;
  /** A text is shown in it. */
  readonly wide?: boolean;
}

export interface Reply {
  readonly yes: boolean;
  /** Escape: neither of the buttons. */
  readonly dismissed: boolean;
  readonly fields: ReadonlyMap<string, string>;
}

/** `yes` false with `no` pressed or Escape; `dismissed` tells the two apart where `no` does something. */
export function ask(question: Question): Promise<Reply> {
  return new Promise((resolve) => {
    const dialog = document.createElement('dialog');
    dialog.className = question.wide === true ? 'question wide' : 'question';
    dialog.setAttribute('aria-label', question.title);
    const finish = (reply: Reply): void => {
      dialog.close();
      dialog.remove();
      resolve(reply);
    };
    const refused: Reply = { yes: false, dismissed: false, fields: new Map() };
    const draw = (problem: string | null): void => {
      render(
        html`<form
          method="dialog"
          @submit=${(event: SubmitEvent) => {
            event.preventDefault();
            const form = event.currentTarget as HTMLFormElement;
            const wrong = question.check?.(form) ?? null;
            if (wrong !== null) return draw(wrong);
            const fields = new Map<string, string>();
            for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.set(name, value);
            finish({ yes: true, dismissed: false, fields });
          }}
        >
          <h2>${question.title}</h2>
          ${question.hint === undefined ? nothing : html`<p class="hint">${question.hint}</p>`} ${question.body ?? nothing}
          ${problem === null ? nothing : html`<p class="problem" role="alert">${problem}</p>`}
          <div class="row">
            <button class="main" type="submit">${question.yes}</button>
            <button type="button" @click=${() => finish(refused)}>${question.no ?? w.decide.cancel}</button>
          </div>
        </form>`,
        dialog,
      );
    };
    draw(null);
    dialog.addEventListener('cancel', (event) => {
      event.preventDefault();
      finish({ ...refused, dismissed: true });
    });
    document.body.append(dialog);
    dialog.showModal();
    dialog.querySelector<HTMLElement>('input, textarea')?.focus();
  });
}
