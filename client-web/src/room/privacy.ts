// The line on every editing screen: who can see this, until when it is kept, and whether names stand on it. Made from
// the group's rule, in the reader's language.
import type { Group } from '../connection';
import { w } from '../ui/words';

export function privacyLine(group: Group): string {
  const rule = group.attribution;
  if (rule === null) return '';
  const who = group.meeting?.kind === 'closed' ? w.room.seenInMeeting : w.room.seenByGroup;
  return `${w.room.privacy(who, rule.keptDays)} ${rule.attributed ? w.room.attributed : w.room.notAttributed}`;
}
