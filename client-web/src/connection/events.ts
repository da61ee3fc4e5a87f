// The events the server sends beside the text (docs/formats/http.md, "Events"), read into values.
import { Answer } from './answer';
import { readPause, readSection } from './model';
import type { Pause, Section } from './model';

/** How a pause goes on: asked, or over for one of these reasons. */
export type PauseState = 'began' | 'objected' | 'cancelled' | 'expired' | 'decided';

export type ServerEvent =
  | { readonly type: 'saved'; readonly seq: number }
  | { readonly type: 'closed'; readonly decision: number }
  | { readonly type: 'opened'; readonly decision: number }
  | { readonly type: 'late'; readonly proposal: number; readonly message: string }
  | { readonly type: 'kept'; readonly proposal: number; readonly message: string }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'hash'; readonly contentHash: string; readonly equal: boolean }
  | { readonly type: 'section'; readonly report: string; readonly section: Section }
  | { readonly type: 'outline'; readonly report: string; readonly version: number }
  | { readonly type: 'report'; readonly report: string }
  | { readonly type: 'closing'; readonly report: string }
  | { readonly type: 'pause'; readonly state: PauseState; readonly pause: Pause }
  | { readonly type: 'brackets'; readonly report: string; readonly section: string }
  | { readonly type: 'positions' | 'asks'; readonly report: string; readonly section: string }
  | { readonly type: 'call'; readonly report: string; readonly call: number; readonly state: string }
  | { readonly type: 'meeting' | 'teams' | 'reviews' | 'rules' }
  | { readonly type: 'access' }
  | { readonly type: 'trouble'; readonly message: string }
  | { readonly type: 'recovered' };

/** Null for what is not understood: a newer server may say more than this page knows. */
export function readServerEvent(payload: string): ServerEvent | null {
  try {
    const a = new Answer(JSON.parse(payload));
    const type = a.text('type');
    switch (type) {
      case 'saved':
        return { type, seq: a.numberOr('seq', 0) };
      case 'closed':
      case 'opened':
        return { type, decision: a.numberOr('decision', 0) };
      case 'late':
      case 'kept':
        return { type, proposal: a.number('proposal'), message: a.textOr('message', '') };
      case 'refused':
        return { type, message: a.textOr('message', '') };
      case 'hash':
        return { type, contentHash: a.textOr('content_hash', ''), equal: a.flag('equal') };
      case 'section':
        return { type, report: a.text('report'), section: readSection(a.object('section')) };
      case 'outline':
        return { type, report: a.text('report'), version: a.numberOr('version', 0) };
      case 'report':
        return { type, report: a.textOr('report', '') };
      case 'closing':
        return { type, report: a.text('report') };
      case 'pause':
        return {
          type,
          state: a.oneOf('state', ['began', 'objected', 'cancelled', 'expired', 'decided'], 'expired'),
          pause: readPause(a),
        };
      case 'brackets':
        return { type, report: a.text('report'), section: a.text('section') };
      case 'positions':
      case 'asks':
        return { type, report: a.text('report'), section: a.text('section') };
      case 'call':
        return { type, report: a.textOr('report', ''), call: a.number('call'), state: a.textOr('state', '') };
      case 'meeting':
      case 'teams':
      case 'reviews':
      case 'rules':
      case 'access':
        return { type };
      case 'trouble':
        return { type, message: a.textOr('message', '') };
      case 'recovered':
        return { type };
      default:
        return null;
    }
  } catch {
    return null;
  }
}
