// Keeps the cursor at the letter typed last when somebody else writes at the very same place. y-prosemirror holds it to
// the letter after it, so that two people typing at one place would write through each other letter by letter.
import { TextSelection } from 'prosemirror-state';
import type { Transaction } from 'prosemirror-state';
import type { EditorView } from 'prosemirror-view';
import { absolutePositionToRelativePosition, relativePositionToAbsolutePosition, ySyncPluginKey } from 'y-prosemirror';
import * as Y from 'yjs';
import type { Replica } from '../connection';

interface SyncChange {
  readonly isChangeOrigin?: boolean;
  readonly isUndoRedoOperation?: boolean;
}

type Mapping = Parameters<typeof absolutePositionToRelativePosition>[2];

export class CaretKeeper {
  private before: Y.RelativePosition | null = null;
  private view: EditorView | null = null;

  constructor(private readonly replica: Replica) {}

  watch(view: EditorView): void {
    this.view = view;
    this.replica.doc.on('beforeAllTransactions', this.remember);
    this.replica.doc.on('afterAllTransactions', this.forget);
  }

  stop(): void {
    this.replica.doc.off('beforeAllTransactions', this.remember);
    this.replica.doc.off('afterAllTransactions', this.forget);
    this.view = null;
  }

  private mapping(): Mapping | null {
    const state = this.view === null ? undefined : (ySyncPluginKey.getState(this.view.state) as { binding?: { mapping: Mapping } } | undefined);
    return state?.binding?.mapping ?? null;
  }

  private readonly remember = (): void => {
    const mapping = this.mapping();
    const selection = this.view?.state.selection;
    if (this.before !== null || mapping === null || selection === undefined || !selection.empty) return;
    const right = absolutePositionToRelativePosition(selection.head, this.replica.body, mapping) as Y.RelativePosition;
    const place = Y.createAbsolutePositionFromRelativePosition(right, this.replica.doc);
    if (place === null || !(place.type instanceof Y.XmlText) || place.index === 0) return;
    this.before = Y.createRelativePositionFromTypeIndex(place.type, place.index, -1);
  };

  private readonly forget = (): void => {
    this.before = null;
  };

  /** Corrects the cursor of a transaction that brings others' words. */
  keep(tr: Transaction): void {
    const change = tr.getMeta(ySyncPluginKey) as SyncChange | undefined;
    const mapping = this.mapping();
    if (change?.isChangeOrigin !== true || change.isUndoRedoOperation === true || this.before === null || mapping === null) return;
    const at = relativePositionToAbsolutePosition(this.replica.doc, this.replica.body, this.before, mapping);
    if (at === null || at < 0 || at > tr.doc.content.size) return;
    const place = tr.doc.resolve(at);
    if (place.parent.inlineContent) tr.setSelection(TextSelection.create(tr.doc, at));
  }
}
