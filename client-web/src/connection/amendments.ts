// Calls about proposals beside a section (docs/formats/http.md, "Proposals").
import { call } from './api';
import type { ReportPlace } from './api';
import { readProposal } from './model';
import { readRedline } from './redline-model';
import type { Proposal, Strength } from './model';
import type { Redline } from './redline-model';

export type AmendmentMove = 'withdraw' | 'hand_in' | 'refuse' | 'set_aside' | 'take_up' | 'describe' | 'bring_up';

/** What adopting would give: it is adopted by the `textId` that was shown. */
export interface AdoptionPreview {
  readonly numbers: readonly number[];
  readonly textId: string;
  readonly redline: Redline | null;
  /** Others that lose a part of their own by it. */
  readonly overtaken: readonly number[];
}

function at(place: ReportPlace, section: string, what: string): string {
  return `/api/${['groups', place.group, 'reports', place.report, 'sections', section, what].map(encodeURIComponent).join('/')}`;
}

export const amendments = {
  /** `on`: a proposal to this proposal. */
  putForward: (place: ReportPlace, section: string, on: number | null, key: string) =>
    call('POST', at(place, section, 'proposals'), { key, ...(on === null ? {} : { on }) }, readProposal),
  move: (group: string, number: number, move: AmendmentMove, key: string, more: { readonly strength?: Strength; readonly signed_by?: string } = {}) =>
    call('POST', `/api/groups/${encodeURIComponent(group)}/proposals/${number}`, { key, move, ...more }, (a): Proposal => readProposal(a)),
  preview: (place: ReportPlace, section: string, numbers: readonly number[] | 'uncontested') =>
    call('GET', `${at(place, section, 'adoptions')}?numbers=${numbers === 'uncontested' ? numbers : numbers.join(',')}`, null, (a): AdoptionPreview => ({
      numbers: a.numbers('numbers'),
      textId: a.text('text_id'),
      redline: a.has('redline') ? readRedline(a.object('redline')) : null,
      overtaken: a.numbers('overtaken'),
    })),
  adopt: (place: ReportPlace, section: string, numbers: readonly number[], textId: string, key: string) =>
    call('POST', at(place, section, 'adoptions'), { key, numbers, text_id: textId }, (a) => ({ overtaken: a.numbers('overtaken') })),
} as const;
