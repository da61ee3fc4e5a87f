// A selection over several sections, for reading and copying: each section is an editor of its own, and a browser's
// selection stops at an editor's edge. While such a selection stands no section can be written; the next click, arrow
// or Escape ends it. Knows the page's sections by their elements only.
import { copiedExcerpt } from '../editor';
import { tell } from './announcer';
import { w } from './words';

/** A section's element, as far as selecting is concerned. */
export interface SpannedSection extends HTMLElement {
  /** "3 Capacity-building" */
  readonly heading: string;
  /** The short form an excerpt carries; '' for agreed text. */
  readonly shortDisclaimer: string;
}

interface Place {
  readonly node: Node;
  readonly offset: number;
}

const readable = '.title, .text';
const freshFor = 200; // ms

function placeAt(x: number, y: number): Place | null {
  if ('caretPositionFromPoint' in document) {
    const found = document.caretPositionFromPoint(x, y);
    return found === null ? null : { node: found.offsetNode, offset: found.offset };
  }
  const range = (document as Document & { caretRangeFromPoint?(x: number, y: number): Range | null }).caretRangeFromPoint?.(x, y) ?? null;
  return range === null ? null : { node: range.startContainer, offset: range.startOffset };
}

function holds(selection: Selection, anchor: Place, focus: Place): boolean {
  return (
    selection.anchorNode === anchor.node &&
    selection.anchorOffset === anchor.offset &&
    selection.focusNode === focus.node &&
    selection.focusOffset === focus.offset
  );
}

const sectionOf = (target: EventTarget | Node | null): HTMLElement | null => {
  const element = target instanceof Element ? target : target instanceof Node ? target.parentElement : null;
  return element?.closest<HTMLElement>('bossey-section') ?? null;
};

export class Spanning {
  active = false;
  private pressed: { readonly section: HTMLElement; readonly place: Place } | null = null;
  /** Where a drag has come to: the browser's own idea of it stops at the edge of the editor where it began. */
  private dragged: Place | null = null;
  /** What was selected a moment ago: an editor that has just become read-only puts its own selection back once. */
  private fresh: { readonly anchor: Place; readonly focus: Place; readonly until: number } | null = null;

  /** `changed`: sections must look again whether they may be written. */
  constructor(
    private readonly page: HTMLElement,
    private readonly sections: () => readonly SpannedSection[],
    private readonly changed: () => void,
  ) {
    page.addEventListener('mousedown', this.onPress, true);
    page.addEventListener('pointermove', this.onDrag);
    window.addEventListener('pointerup', this.onRelease);
    window.addEventListener('keydown', this.onKey, true);
    document.addEventListener('selectionchange', this.onSelection);
    document.addEventListener('copy', this.onCopy, true);
  }

  stop(): void {
    this.page.removeEventListener('mousedown', this.onPress, true);
    this.page.removeEventListener('pointermove', this.onDrag);
    window.removeEventListener('pointerup', this.onRelease);
    window.removeEventListener('keydown', this.onKey, true);
    document.removeEventListener('selectionchange', this.onSelection);
    document.removeEventListener('copy', this.onCopy, true);
  }

  selectAll(): void {
    const texts = this.page.querySelectorAll(`bossey-section .title, bossey-section > .text`);
    const first = texts[0];
    const last = texts[texts.length - 1];
    if (first === undefined || last === undefined) return;
    this.select({ node: first, offset: 0 }, { node: last, offset: last.childNodes.length });
  }

  /**
   * Shift and an arrow at the edge of a text: the selection goes on into the section beside it, to the end of its title
   * or to the start of its last block. The browser's own step is not asked: at the edge of an editor it may go anywhere.
   */
  extend(step: 1 | -1, by: 'line' | 'character'): void {
    const selection = document.getSelection();
    if (selection?.anchorNode == null || selection.focusNode === null) return;
    const sections = this.sections();
    const beside = sections[sections.findIndex((section) => section === sectionOf(selection.focusNode)) + step];
    const inside = beside?.querySelector(step === 1 ? '.title' : ':scope > .text');
    if (inside == null) return;
    const block = step === 1 ? inside : (inside.lastElementChild ?? inside);
    const atEnd = (step === 1) === (by === 'line');
    this.select({ node: selection.anchorNode, offset: selection.anchorOffset }, { node: block, offset: atEnd ? block.childNodes.length : 0 });
  }

  private select(anchor: Place, focus: Place): void {
    if (!this.active) {
      this.active = true;
      this.changed();
    }
    this.fresh = { anchor, focus, until: performance.now() + freshFor };
    document.getSelection()?.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
  }

  /** Whether the selection had to be put back. */
  private holdFresh(): boolean {
    const { fresh } = this;
    const selection = document.getSelection();
    if (!this.active || fresh === null || selection === null || performance.now() > fresh.until) return false;
    const { anchor, focus } = fresh;
    if (holds(selection, anchor, focus)) return false;
    selection.setBaseAndExtent(anchor.node, anchor.offset, focus.node, focus.offset);
    return true;
  }

  end(): void {
    if (!this.active) return;
    this.active = false;
    this.fresh = null;
    this.pressed = null;
    this.changed();
  }

  private readonly onPress = (event: MouseEvent): void => {
    if (event.button !== 0) return;
    const section = sectionOf(event.target);
    const selection = document.getSelection();
    if (event.shiftKey && section !== null && selection?.anchorNode != null) {
      const from = sectionOf(selection.anchorNode);
      const to = placeAt(event.clientX, event.clientY);
      if (to !== null && from !== null && (this.active || from !== section)) {
        event.preventDefault();
        event.stopPropagation();
        this.select({ node: selection.anchorNode, offset: selection.anchorOffset }, to);
        return;
      }
    }
    this.end();
    const place = placeAt(event.clientX, event.clientY);
    const inText = event.target instanceof Element && event.target.closest(readable) !== null;
    this.pressed = section !== null && place !== null && inText ? { section, place } : null;
  };

  private readonly onDrag = (event: PointerEvent): void => {
    const { pressed } = this;
    if (pressed === null || event.pointerType !== 'mouse' || (event.buttons & 1) === 0) return;
    const over = sectionOf(document.elementFromPoint(event.clientX, event.clientY));
    if (!this.active && (over === null || over === pressed.section)) return;
    const to = placeAt(event.clientX, event.clientY);
    if (to === null || sectionOf(to.node) === null) return;
    this.dragged = to;
    this.select(pressed.place, to);
  };

  private readonly onRelease = (): void => {
    // After the browser has had its say.
    setTimeout(() => {
      this.holdDragged();
      this.pressed = null;
      this.dragged = null;
    });
  };

  private holdDragged(): void {
    const { pressed, dragged } = this;
    const selection = document.getSelection();
    if (!this.active || pressed === null || dragged === null || selection === null) return;
    if (!holds(selection, pressed.place, dragged)) this.select(pressed.place, dragged);
  }

  private readonly onSelection = (): void => {
    this.holdDragged();
    if (this.holdFresh()) return;
    if (this.active && this.pressed === null && document.getSelection()?.isCollapsed === true) this.end();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!this.active || document.querySelector('dialog[open]') !== null) return;
    const selection = document.getSelection();
    const command = event.ctrlKey || event.metaKey;
    const arrows: Readonly<Record<string, readonly [string, string]>> = {
      ArrowUp: ['backward', 'line'],
      ArrowDown: ['forward', 'line'],
      ArrowLeft: ['left', command ? 'word' : 'character'],
      ArrowRight: ['right', command ? 'word' : 'character'],
    };
    const arrow = arrows[event.key];
    this.holdFresh();
    this.fresh = null;
    if (arrow !== undefined && event.shiftKey) selection?.modify('extend', arrow[0], arrow[1]);
    else if (command && event.key.toLowerCase() === 'a') this.selectAll();
    else if (event.key === 'Escape' || arrow !== undefined) {
      selection?.collapseToEnd();
      this.end();
    } else if (!command && !event.altKey && (event.key.length === 1 || ['Backspace', 'Delete', 'Enter'].includes(event.key))) {
      tell(w.select.readOnly, 'refused');
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  /** Before the editor in which the selection begins, which would copy its own part only. */
  private readonly onCopy = (event: ClipboardEvent): void => {
    if (!this.active) return;
    this.holdFresh();
    this.copy(event);
    event.stopPropagation();
  };

  /** What a copied selection says: each section with its heading where that is selected, and its disclaimer. */
  copy(event: ClipboardEvent): void {
    const selection = document.getSelection();
    if (selection === null || selection.isCollapsed || selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    const texts: string[] = [];
    const excerpt = document.createElement('div');
    for (const element of this.sections()) {
      const { heading, shortDisclaimer: disclaimer } = element;
      const title = part(range, element.querySelector('.title'));
      const words = part(range, element.querySelector(':scope > .text'));
      if (title === null && words === null) continue;
      const lines: string[] = [];
      if (title !== null) {
        const head = document.createElement('h2');
        head.textContent = heading;
        excerpt.append(head);
        lines.push(heading);
      }
      const copied = words === null ? null : copiedExcerpt(words);
      if (copied !== null && copied.text !== '') {
        if (disclaimer !== '') {
          const note = document.createElement('p');
          note.dataset['bossey'] = 'disclaimer';
          note.textContent = `[${disclaimer}]`;
          excerpt.append(note);
          lines.push(`[${disclaimer}]`);
        }
        excerpt.append(copied.dom);
        lines.push(copied.text);
      }
      texts.push(lines.join('\n\n'));
    }
    if (texts.length === 0) return;
    event.clipboardData?.setData('text/plain', texts.join('\n\n'));
    event.clipboardData?.setData('text/html', excerpt.innerHTML);
    event.preventDefault();
  }
}

/** What of an element the range holds; null for nothing. */
function part(range: Range, element: Element | null): DocumentFragment | null {
  if (element === null || !range.intersectsNode(element)) return null;
  const own = document.createRange();
  own.selectNodeContents(element);
  if (range.compareBoundaryPoints(Range.START_TO_START, own) > 0) own.setStart(range.startContainer, range.startOffset);
  if (range.compareBoundaryPoints(Range.END_TO_END, own) < 0) own.setEnd(range.endContainer, range.endOffset);
  return own.collapsed || own.toString() === '' ? null : own.cloneContents();
}
