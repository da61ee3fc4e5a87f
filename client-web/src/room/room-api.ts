// Calls about meetings, drafting teams, review rounds and the group's rules, and the values they answer with.
import { at, call, inReport } from '../connection/api';
import type { ReportPlace } from '../connection/api';
import type { Answer } from '../connection/answer';
import { readMeeting } from '../connection/model';
import type { Meeting } from '../connection';

export interface TeamPerson {
  readonly id: number;
  readonly name: string;
  readonly category: string;
}

export interface Team {
  readonly number: number;
  readonly room: string;
  readonly size: number;
  readonly mine: boolean;
  readonly lead: boolean;
  /** Null where this person is not shown who is in it. */
  readonly coLeads: readonly TeamPerson[] | null;
  readonly members: readonly TeamPerson[];
  readonly hint: string | null;
}

export interface Teams {
  readonly teams: readonly Team[];
  readonly typist: number | null;
  readonly isTypistNamed: boolean;
  readonly isTypistMe: boolean;
}

export interface Review {
  readonly number: number;
  readonly report: string;
  readonly texts: readonly { readonly section: string; readonly textId: string }[];
  readonly deadline: string;
  readonly ended: string | null;
  readonly outside: boolean;
  readonly roll: number;
  readonly opened: number;
  readonly asksMe: boolean;
  readonly openedByMe: boolean;
}

export interface Rules {
  readonly unanimous: 'none_objects' | 'every_member_yes';
  readonly silence_by_itself: boolean;
  readonly co_leads_agree_ad_ref: boolean;
  readonly proposals_signed: boolean;
  readonly typist_alone_in_plenary: boolean;
  readonly quorum: number;
  readonly quorum_by_category: Readonly<Record<string, number>>;
  readonly secretariat_sees_positions: boolean;
  readonly attributed: boolean;
  readonly kept_days: number;
}

export const meetingKinds = ['plenary', 'closed', 'group', 'open consultation'] as const;
export type MeetingKind = (typeof meetingKinds)[number];

const nothing = (): void => undefined;

function readTeamPerson(a: Answer): TeamPerson {
  return { id: a.number('id'), name: a.text('name'), category: a.textOr('category', '') };
}

function readTeam(a: Answer): Team {
  return {
    number: a.number('number'),
    room: a.text('room'),
    size: a.numberOr('size', 0),
    mine: a.flag('mine'),
    lead: a.flag('lead'),
    coLeads: a.has('co_leads') ? a.list('co_leads', readTeamPerson) : null,
    members: a.list('members', readTeamPerson),
    hint: a.textOr('hint', null),
  };
}

function readReview(a: Answer): Review {
  return {
    number: a.number('number'),
    report: a.text('report'),
    texts: a.list('texts', (t) => ({ section: t.text('section'), textId: t.text('text_id') })),
    deadline: a.text('deadline'),
    ended: a.textOr('ended', null),
    outside: a.flag('outside'),
    roll: a.numberOr('roll', 0),
    opened: a.numberOr('opened', 0),
    asksMe: a.flag('asks_me'),
    openedByMe: a.flag('opened_by_me'),
  };
}

function readRules(a: Answer): Rules {
  const categories: Record<string, number> = {};
  if (a.has('quorum_by_category')) {
    const counts = a.object('quorum_by_category');
    for (const name of counts.names()) categories[name] = counts.numberOr(name, 0);
  }
  return {
    unanimous: a.oneOf('unanimous', ['none_objects', 'every_member_yes'], 'none_objects'),
    silence_by_itself: a.flag('silence_by_itself'),
    co_leads_agree_ad_ref: a.flag('co_leads_agree_ad_ref'),
    proposals_signed: a.flag('proposals_signed'),
    typist_alone_in_plenary: a.flag('typist_alone_in_plenary'),
    quorum: a.numberOr('quorum', 0),
    quorum_by_category: categories,
    secretariat_sees_positions: a.flag('secretariat_sees_positions'),
    attributed: a.flag('attributed'),
    kept_days: a.numberOr('kept_days', 0),
  };
}

export const roomApi = {
  meetings: (group: string) => call('GET', at('groups', group, 'meetings'), null, (a): readonly Meeting[] => a.list('meetings', readMeeting)),
  openMeeting: (group: string, kind: MeetingKind, name: string, key: string) =>
    call('POST', at('groups', group, 'meetings'), { kind, ...(name === '' ? {} : { name }), key }, readMeeting),
  /** `counted`: by hand; an empty object lets the pages count again. */
  changeMeeting: (group: string, meeting: number, change: { readonly end?: boolean; readonly counted?: number | Readonly<Record<string, number>> }, key: string) =>
    call('PATCH', at('groups', group, 'meetings', String(meeting)), { ...change, key }, readMeeting),
  here: (group: string, meeting: number, here: boolean, key: string) =>
    call('POST', at('groups', group, 'meetings', String(meeting), 'here'), { here, key }, readMeeting),

  teams: (group: string) =>
    call('GET', at('groups', group, 'teams'), null, (a): Teams => {
      const typist = a.object('typist');
      return {
        teams: a.list('teams', readTeam),
        typist: typist.numberOr('person', null),
        isTypistNamed: typist.flag('named'),
        isTypistMe: typist.flag('me'),
      };
    }),
  makeTeam: (group: string, room: string, key: string) =>
    call('POST', at('groups', group, 'teams'), { ...(room === '' ? {} : { room }), key }, readTeam),
  changeTeam: (
    group: string,
    team: number,
    change: { readonly room?: string; readonly co_leads?: readonly number[]; readonly members?: readonly number[]; readonly dissolved?: boolean },
    key: string,
  ) => call('PATCH', at('groups', group, 'teams', String(team)), { ...change, key }, readTeam),
  giveSection: (place: ReportPlace, section: string, team: number, below: boolean, key: string) =>
    call('POST', inReport(place, 'sections', section, 'team'), { team, below, key }, nothing),
  nameTypist: (group: string, person: number | null, key: string) =>
    call('POST', at('groups', group, 'typist'), { ...(person === null ? {} : { person }), key }, nothing),

  reviews: (group: string) => call('GET', at('groups', group, 'reviews'), null, (a): readonly Review[] => a.list('reviews', readReview)),
  sendReview: (place: ReportPlace, sections: readonly { readonly section: string; readonly text_id: string }[], deadline: string, key: string) =>
    call('POST', inReport(place, 'reviews'), { sections, deadline, key }, readReview),
  openReview: (group: string, review: number) => call('POST', at('groups', group, 'reviews', String(review), 'opened'), {}, nothing),
  endReview: (group: string, review: number, key: string) => call('POST', at('groups', group, 'reviews', String(review), 'end'), { key }, readReview),

  rules: (group: string) => call('GET', at('groups', group, 'rules'), null, readRules),
  changeRules: (group: string, change: Partial<Rules>, key: string) => call('PATCH', at('groups', group, 'rules'), { ...change, key }, readRules),
} as const;
