// The editor of one section's body, mounted where somebody writes or where another person's cursor is. Never made for a
// body with unknown parts: the caller asks `readBody` first, and ends the editor when `guard` says so.
import { EditorState, Plugin, Selection, TextSelection } from 'prosemirror-state';
import type { Command } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { initProseMirrorDoc, yCursorPlugin, ySyncPlugin, ySyncPluginKey, yUndoPlugin } from 'y-prosemirror';
import type * as Y from 'yjs';
import type { Replica } from '../connection';
import { bracketPlugin } from './brackets';
import { CaretKeeper } from './caret-keeper';
import { actions, cursorFacts, removeLink, setLink } from './commands';
import type { ActionName, CursorFacts } from './commands';
import { buildCursor, buildSelection, writerState } from './cursors';
import { ExcerptSerializer, excerptText } from './excerpt';
import { ExactEdits } from './exact-edits';
import { footnoteEdgePlugin } from './footnote-edge';
import { sectionInputRules } from './input-rules';
import { sectionKeys } from './keys';
import { cleanPastedHtml, withFreshBrackets } from './paste';
import { readBody } from './reading';
import { schema } from './schema';
import { undoManagerOf } from './undo';

export interface EditorHost {
  readonly label: string;
  readonly writer: { readonly name: string; readonly person: number };
  editable(): boolean;
  /** The short form that a copied excerpt carries; '' for agreed text. */
  disclaimer(): string;
  cross(step: 1 | -1): boolean;
  extend(step: 1 | -1, by: 'line' | 'character'): void;
  selectReport(): void;
  escape(): void;
  askForLink(): void;
  focusChanged(focused: boolean): void;
  /** Cursor or text moved: the toolbar may look again. */
  moved(): void;
  /** The text now holds what the editor does not know: end it at once. */
  mustEnd(): void;
  picturesDropped(count: number): void;
}

export type EditorPlace = 'start' | 'end' | { readonly left: number; readonly top: number };

function freshId(): string {
  return [...crypto.getRandomValues(new Uint8Array(6))].map((b) => (b % 36).toString(36)).join('');
}

export class SectionEditor {
  readonly view: EditorView;
  private readonly replica: Replica;
  private readonly caret: CaretKeeper;

  constructor(
    place: HTMLElement,
    replica: Replica,
    private readonly host: EditorHost,
  ) {
    this.replica = replica;
    this.caret = new CaretKeeper(replica);
    // Before y-prosemirror sees a change from elsewhere: it would delete what it does not know.
    replica.doc.on('beforeObserverCalls', this.guard);
    const { doc, mapping } = initProseMirrorDoc(replica.body, schema);
    const state = EditorState.create({
      doc,
      schema,
      plugins: [
        ySyncPlugin(replica.body, { mapping }),
        yCursorPlugin(replica.awareness, { cursorBuilder: buildCursor, selectionBuilder: buildSelection }),
        yUndoPlugin({ undoManager: undoManagerOf(replica.doc) }),
        this.readOnlyPlugin(),
        bracketPlugin(),
        footnoteEdgePlugin(),
        sectionInputRules(),
        ...sectionKeys(host),
      ],
    });
    const exact = new ExactEdits(state);
    place.replaceChildren();
    this.view = new EditorView(place, {
      state,
      editable: () => host.editable(),
      attributes: () => this.attributes(),
      transformPastedHTML: (html) => {
        const clean = cleanPastedHtml(html);
        if (clean.pictures > 0) host.picturesDropped(clean.pictures);
        return clean.html;
      },
      transformPasted: (slice) => withFreshBrackets(slice, freshId),
      clipboardTextSerializer: (slice) => excerptText(slice.content, host.disclaimer()),
      clipboardSerializer: new ExcerptSerializer(() => host.disclaimer()),
      handleDOMEvents: {
        focus: () => {
          this.setHere(true);
          host.focusChanged(true);
          return false;
        },
        blur: () => {
          this.setHere(false);
          host.focusChanged(false);
          return false;
        },
      },
      dispatchTransaction: (tr) => {
        // Cursors are drawn with a delay, which may outlive the view.
        if (this.view.isDestroyed) return;
        this.caret.keep(tr);
        const { state: next, transactions } = this.view.state.applyTransaction(tr);
        exact.heard(transactions);
        this.view.updateState(next);
        host.moved();
      },
    });
    this.caret.watch(this.view);
  }

  private attributes(): Record<string, string> {
    return this.host.editable()
      ? { class: 'words', role: 'textbox', 'aria-multiline': 'true', 'aria-label': this.host.label, translate: 'no' }
      : { class: 'words', tabindex: '-1' };
  }

  /** Without the right to write, only what comes from the living document changes the view. */
  private readOnlyPlugin(): Plugin {
    return new Plugin({
      filterTransaction: (tr) => !tr.docChanged || tr.getMeta(ySyncPluginKey) !== undefined || this.host.editable(),
    });
  }

  private readonly guard = (transaction: Y.Transaction): void => {
    if (transaction.origin === ySyncPluginKey) return;
    const reading = readBody(this.replica.body);
    if (reading.unknown.length > 0 || (reading.wouldPrune && !this.host.editable())) this.host.mustEnd();
  };

  private setHere(here: boolean): void {
    const { awareness } = this.replica;
    const isShown = awareness.getLocalState() !== null;
    const show = here && this.host.editable();
    // Saying again what is so already would be told to everybody, and come back.
    if (show && !isShown) awareness.setLocalState(writerState(this.host.writer.name, this.host.writer.person));
    else if (!show && isShown) awareness.setLocalState(null);
  }

  /** Editable or not has changed. */
  refresh(): void {
    this.view.setProps({});
    if (!this.host.editable()) this.setHere(false);
  }

  get focused(): boolean {
    return this.view.hasFocus();
  }

  focus(at: EditorPlace): void {
    const { state } = this.view;
    let selection = at === 'start' ? Selection.atStart(state.doc) : Selection.atEnd(state.doc);
    if (typeof at === 'object') {
      const found = this.view.posAtCoords(at);
      if (found !== null) selection = TextSelection.near(state.doc.resolve(found.pos));
    }
    this.view.dispatch(state.tr.setSelection(selection));
    this.view.focus();
  }

  do(action: ActionName): void {
    this.run(actions[action]);
  }

  /** False: the address is not one a link may have. */
  link(address: string): boolean {
    return this.run(address === '' ? removeLink : setLink(address));
  }

  private run(command: Command): boolean {
    const done = command(this.view.state, this.view.dispatch, this.view);
    this.view.focus();
    return done;
  }

  facts(): CursorFacts {
    return cursorFacts(this.view.state);
  }

  destroy(): void {
    this.replica.doc.off('beforeObserverCalls', this.guard);
    this.setHere(false);
    this.caret.stop();
    this.view.destroy();
  }
}
