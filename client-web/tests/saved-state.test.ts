// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { nextSavedState, nothingUnsaved, savedSign } from '../src/connection/saved-state';
import type { SavedEvent, SavedState } from '../src/connection/saved-state';

function after(...events: readonly SavedEvent[]): SavedState {
  return events.reduce(nextSavedState, nothingUnsaved);
}

const connected: readonly SavedEvent[] = [{ type: 'connected' }, { type: 'sent', isStep2: true }, { type: 'answered' }];
const edit: readonly SavedEvent[] = [{ type: 'edit' }, { type: 'sent', isStep2: false }];

describe('the saved sign', () => {
  it('says saved only after the answer and the saved message', () => {
    expect(after(...connected, ...edit).edits).toBe(1);
    expect(after(...connected, ...edit, { type: 'answered' }).edits).toBe(1);
    expect(after(...connected, ...edit, { type: 'answered' }, { type: 'saved' }).edits).toBe(0);
  });

  it('does not take a saved message for an edit still on its way', () => {
    expect(after(...connected, ...edit, ...edit, { type: 'answered' }, { type: 'saved' }).edits).toBe(2);
  });

  it('does not call offline edits saved before the handshake has handed them over', () => {
    const state = after(...connected, { type: 'disconnected' }, { type: 'edit' }, { type: 'edit' }, { type: 'connected' }, { type: 'saved' });
    expect(state.edits).toBe(2);
    expect([{ type: 'sent', isStep2: true }, { type: 'saved' }].reduce((s, e) => nextSavedState(s, e as SavedEvent), state).edits).toBe(2);
  });

  it('calls them saved once they are handed over, answered and on disk', () => {
    const events: SavedEvent[] = [...connected, { type: 'disconnected' }, { type: 'edit' }, ...connected, { type: 'saved' }];
    expect(after(...events).edits).toBe(0);
  });

  it('counts edits restored from an earlier page', () => {
    expect(after({ type: 'restored', edits: 3 }).edits).toBe(3);
  });

  it('forgets edits that became a proposal', () => {
    expect(after(...connected, ...edit, { type: 'dropped' })).toMatchObject({ edits: 0, unanswered: 0 });
  });

  it('is one sign for all sections', () => {
    const waiting = after({ type: 'edit' });
    expect(savedSign([nothingUnsaved, waiting, waiting], true, false)).toEqual({ type: 'saving', edits: 2 });
    expect(savedSign([nothingUnsaved, waiting, waiting], false, false)).toEqual({ type: 'offline', edits: 2 });
    expect(savedSign([waiting], true, false, true)).toEqual({ type: 'stuck', edits: 1 });
    expect(savedSign([waiting], false, false, true)).toEqual({ type: 'offline', edits: 1 });
    expect(savedSign([nothingUnsaved], true, false)).toEqual({ type: 'saved' });
    expect(savedSign([nothingUnsaved], false, false)).toEqual({ type: 'offline', edits: 0 });
  });

  it('is patient in the first seconds of a page, unless edits wait', () => {
    expect(savedSign([nothingUnsaved], false, true)).toEqual({ type: 'connecting' });
    expect(savedSign([after({ type: 'restored', edits: 3 })], false, true)).toEqual({ type: 'offline', edits: 3 });
  });
});
