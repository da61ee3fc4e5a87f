// While a meeting is open: its name, how many are there, and "I am here" for whoever is counted and has not said so.
import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { commandKey } from '../connection';
import { tell } from '../ui/announcer';
import type { GroupSession } from '../ui/group-session';
import { sayProblem, w } from '../ui/words';
import { roomApi } from './room-api';

export async function sayHere(session: GroupSession, meeting: number, here: boolean): Promise<void> {
  const result = await roomApi.here(session.slug, meeting, here, commandKey());
  if (result.ok) {
    tell(here ? w.room.youAreHere : w.room.youLeft);
    await session.refresh();
  } else tell(sayProblem(result), 'refused');
}

export function isCounted(session: GroupSession): boolean {
  return session.group?.role === 'member' || session.group?.role === 'chair';
}

export function meetingBanner(session: GroupSession): TemplateResult | typeof nothing {
  const meeting = session.group?.meeting ?? null;
  if (meeting === null || meeting.here || meeting.byHand || !isCounted(session)) return nothing;
  return html`<p class="meeting-banner" role="status">
    <span>${w.room.isOpen(meeting.name)}</span>
    <button class="small main" @click=${() => void sayHere(session, meeting.number, true)}>${w.room.here}</button>
  </p>`;
}
