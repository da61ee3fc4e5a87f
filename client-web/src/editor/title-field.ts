// The title of a section: a line of plain text bound to the Yjs text `title`, edited in place as the heading.
import * as Y from 'yjs';
import { titleOrigin, undoManagerOf } from './undo';

export interface TitleHost {
  cross(step: 1 | -1): boolean;
  extend(step: 1 | -1, by: 'line' | 'character'): void;
  selectReport(): void;
  enterText(): void;
  escape(): void;
  focusChanged(focused: boolean): void;
}

/** The one change that turns `before` into `after`, keeping it next to the cursor. */
export function titleChange(before: string, after: string, cursor: number): { at: number; remove: number; insert: string } {
  let end = 0;
  const endMax = Math.min(before.length, after.length, after.length - Math.min(cursor, after.length));
  while (end < endMax && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  let at = 0;
  const startMax = Math.min(before.length, after.length) - end;
  while (at < startMax && before[at] === after[at]) at += 1;
  return { at, remove: before.length - end - at, insert: after.slice(at, after.length - end) };
}

export class TitleField {
  private readonly observer = (): void => this.show();
  private relative: Y.RelativePosition | null = null;

  constructor(
    private readonly element: HTMLElement,
    private readonly title: Y.Text,
    private readonly host: TitleHost,
  ) {
    title.observe(this.observer);
    title.doc?.on('beforeTransaction', this.remember);
    element.addEventListener('input', this.onInput);
    element.addEventListener('keydown', this.onKey);
    element.addEventListener('paste', this.onPaste);
    element.addEventListener('focus', this.onFocus);
    element.addEventListener('blur', this.onBlur);
    this.show();
  }

  setEditable(editable: boolean): void {
    if (editable) {
      this.element.setAttribute('role', 'textbox');
      this.element.setAttribute('aria-label', this.element.dataset['empty'] ?? '');
      this.element.setAttribute('contenteditable', 'plaintext-only');
      // Browsers without the plain kind fall back to the rich one; pasting is plain either way.
      if (this.element.contentEditable !== 'plaintext-only') this.element.setAttribute('contenteditable', 'true');
    } else for (const name of ['contenteditable', 'role', 'aria-label']) this.element.removeAttribute(name);
  }

  private get text(): string {
    return (this.element.textContent ?? '').replace(/[\r\n]+/g, ' ');
  }

  private readonly remember = (): void => {
    const cursor = this.cursor();
    this.relative = cursor === null ? null : Y.createRelativePositionFromTypeIndex(this.title, Math.min(cursor, this.title.length), -1);
  };

  private show(): void {
    const words = this.title.toString();
    if (words !== this.text) {
      this.element.textContent = words;
      const doc = this.title.doc;
      if (this.relative !== null && doc !== null) {
        const at = Y.createAbsolutePositionFromRelativePosition(this.relative, doc);
        if (at !== null && document.activeElement === this.element) this.setCursor(at.index);
      }
    }
    this.element.classList.toggle('empty', words === '');
  }

  private isAllSelected(): boolean {
    return (document.getSelection()?.toString() ?? '') === this.text;
  }

  private cursor(): number | null {
    const selection = document.getSelection();
    if (selection?.focusNode == null || !this.element.contains(selection.focusNode)) return null;
    const range = document.createRange();
    range.setStart(this.element, 0);
    range.setEnd(selection.focusNode, selection.focusOffset);
    return range.toString().length;
  }

  private setCursor(index: number): void {
    const node = this.element.firstChild;
    const selection = document.getSelection();
    if (node === null) selection?.collapse(this.element, 0);
    else selection?.collapse(node, Math.min(index, node.textContent?.length ?? 0));
  }

  private readonly onInput = (): void => {
    const before = this.title.toString();
    const after = this.text;
    const cursor = this.cursor() ?? after.length;
    const { at, remove, insert } = titleChange(before, after, cursor);
    if (remove === 0 && insert === '') return;
    this.title.doc?.transact(() => {
      if (remove > 0) this.title.delete(at, remove);
      if (insert !== '') this.title.insert(at, insert);
    }, titleOrigin);
  };

  private readonly onPaste = (event: ClipboardEvent): void => {
    event.preventDefault();
    const words = (event.clipboardData?.getData('text/plain') ?? '').replace(/\s+/g, ' ');
    const selection = document.getSelection();
    if (selection === null || selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    range.deleteContents();
    range.insertNode(document.createTextNode(words));
    range.collapse(false);
    this.onInput();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.isComposing) return;
    const cursor = this.cursor() ?? 0;
    const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'z';
    const isRedo = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'y';
    let taken = true;
    if (isUndo || isRedo) {
      const doc = this.title.doc;
      if (doc !== null) {
        if (isRedo || event.shiftKey) undoManagerOf(doc).redo();
        else undoManagerOf(doc).undo();
      }
    } else if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'a' && this.isAllSelected()) this.host.selectReport();
    else if (event.key === 'ArrowDown' && event.shiftKey) this.host.extend(1, 'line');
    else if (event.key === 'ArrowUp' && event.shiftKey) this.host.extend(-1, 'line');
    else if (event.key === 'Enter') this.host.enterText();
    else if (event.key === 'Escape') this.host.escape();
    else if (event.key === 'Tab' && event.shiftKey) taken = this.host.cross(-1);
    else if (event.key === 'Tab') this.host.enterText();
    else if (event.key === 'ArrowDown' && !event.shiftKey) this.host.enterText();
    else if (event.key === 'ArrowUp' && !event.shiftKey) taken = this.host.cross(-1);
    else if (event.key === 'ArrowRight' && !event.shiftKey && cursor >= this.text.length) this.host.enterText();
    else if (event.key === 'ArrowLeft' && !event.shiftKey && cursor === 0) taken = this.host.cross(-1);
    else taken = false;
    if (taken) event.preventDefault();
  };

  private readonly onFocus = (): void => this.host.focusChanged(true);
  private readonly onBlur = (): void => this.host.focusChanged(false);

  focus(): void {
    this.element.focus();
    this.setCursor(this.text.length);
  }

  destroy(): void {
    this.title.unobserve(this.observer);
    this.title.doc?.off('beforeTransaction', this.remember);
    this.element.removeEventListener('input', this.onInput);
    this.element.removeEventListener('keydown', this.onKey);
    this.element.removeEventListener('paste', this.onPaste);
    this.element.removeEventListener('focus', this.onFocus);
    this.element.removeEventListener('blur', this.onBlur);
  }
}
