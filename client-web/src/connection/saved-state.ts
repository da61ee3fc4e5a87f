// The "saved" sign as a pure state machine. A word counts as saved only when the server has answered every update sent
// over this connection AND has then said, by a `saved` message, that all of it is on disk.

export interface SavedState {
  readonly connected: boolean;
  /** The handshake of this connection has handed over what the page held. */
  readonly handedOver: boolean;
  /** Updates sent over this connection and not answered yet. */
  readonly unanswered: number;
  /** Own edits that are not known to be on the server's disk, counted for the person. */
  readonly edits: number;
}

export type SavedEvent =
  | { readonly type: 'edit' }
  | { readonly type: 'restored'; readonly edits: number }
  | { readonly type: 'connected' }
  | { readonly type: 'disconnected' }
  | { readonly type: 'sent'; readonly isStep2: boolean }
  | { readonly type: 'answered' }
  | { readonly type: 'saved' }
  | { readonly type: 'dropped' };

export const nothingUnsaved: SavedState = { connected: false, handedOver: false, unanswered: 0, edits: 0 };

export function nextSavedState(state: SavedState, event: SavedEvent): SavedState {
  switch (event.type) {
    case 'edit':
      return { ...state, edits: state.edits + 1 };
    case 'restored':
      return { ...state, edits: state.edits + event.edits };
    case 'connected':
      return { ...state, connected: true, handedOver: false, unanswered: 0 };
    case 'disconnected':
      return { ...state, connected: false, handedOver: false, unanswered: 0 };
    case 'sent':
      return { ...state, unanswered: state.unanswered + 1, handedOver: state.handedOver || event.isStep2 };
    case 'answered':
      return { ...state, unanswered: Math.max(0, state.unanswered - 1) };
    case 'saved':
      return isAllAnswered(state) ? { ...state, edits: 0 } : state;
    case 'dropped':
      return { ...state, edits: 0, unanswered: 0 };
  }
}

/** Nothing of this page is on its way: what the server holds may be compared with what the page shows. */
export function isAllAnswered(state: SavedState): boolean {
  return state.connected && state.handedOver && state.unanswered === 0;
}

export type SavedSign =
  | { readonly type: 'saved' }
  | { readonly type: 'saving'; readonly edits: number }
  /** The connection looks alive, but nothing is answered. */
  | { readonly type: 'stuck'; readonly edits: number }
  | { readonly type: 'connecting' }
  | { readonly type: 'offline'; readonly edits: number };

/**
 * One sign for the whole page. `startingUp`: in its first seconds a page without edits is connecting, not offline.
 * `stuck`: nothing has been answered for seconds.
 */
export function savedSign(states: Iterable<SavedState>, connected: boolean, startingUp: boolean, stuck = false): SavedSign {
  let edits = 0;
  for (const state of states) edits += state.edits;
  if (!connected) return startingUp && edits === 0 ? { type: 'connecting' } : { type: 'offline', edits };
  if (stuck) return { type: 'stuck', edits };
  return edits > 0 ? { type: 'saving', edits } : { type: 'saved' };
}
