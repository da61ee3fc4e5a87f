// The base of the page's elements: rendered into the document itself, not into a shadow, so that one style sheet, find
// in page, print and screen readers see one text.
import { LitElement } from 'lit';

export abstract class View extends LitElement {
  private readonly endings: (() => void)[] = [];

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Keeps the function that ends a listening until the element leaves the page. */
  protected until(end: () => void): void {
    this.endings.push(end);
  }

  protected again = (): void => this.requestUpdate();

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.endings.splice(0)) end();
  }
}
