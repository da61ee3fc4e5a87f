// A review round counts who has opened its text: said once for each round, when the report is on the page.
import type { Report } from '../connection';
import type { GroupSession } from '../ui/group-session';
import { roomApi } from './room-api';

const looked = new WeakMap<GroupSession, Set<string>>();

/** Asked once for each report and session, and again when the server speaks of reviews. */
export function openReviews(session: GroupSession, report: Report): void {
  const known = looked.get(session) ?? new Set<string>();
  if (!looked.has(session)) {
    looked.set(session, known);
    session.live.events.on('event', (event) => {
      if (event.type === 'reviews') known.clear();
    });
  }
  if (known.has(report.slug) || !session.can('object')) return;
  known.add(report.slug);
  void tellOpened(session, report);
}

async function tellOpened(session: GroupSession, report: Report): Promise<void> {
  const result = await roomApi.reviews(session.slug);
  if (!result.ok) return;
  for (const review of result.value) {
    const isOpen = review.ended === null && review.asksMe && !review.openedByMe;
    if (isOpen && review.report === report.slug) await roomApi.openReview(session.slug, review.number);
  }
}
