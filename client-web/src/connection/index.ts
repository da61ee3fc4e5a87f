// The page's way to the server: HTTP calls, live documents, events.
export { amendments } from './amendments';
export type { AdoptionPreview, AmendmentMove } from './amendments';
export { api, commandKey } from './api';
export type { DecisionCommand, OutlineCommand, Problem, ReportPlace, Result, SectionText, ShownText, WithdrawReason } from './api';
export { closeBrowser, lastMe, leaveBrowser, takeBrowser } from './identity';
export { Live } from './live';
export type { Present } from './live';
export type * from './model';
export { roles, strengths } from './model';
export { keepPage } from './own-page';
export type { SavedSign } from './saved-state';
export type { Replica, SectionDocument } from './section-document';
export type { PauseState, ServerEvent } from './events';
