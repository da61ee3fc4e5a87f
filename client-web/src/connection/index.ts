// The page's way to the server: HTTP calls, live documents, events.
export { api, commandKey } from './api';
export type { DecisionCommand, OutlineCommand, Problem, ReportPlace, Result, SectionText, ShownText, WithdrawReason } from './api';
export { textApi } from './text-api';
export type { Bracket, BracketList, Wording, WordingLevel, WordingText } from './text-api';
export { consensusApi } from './consensus';
export type { Call, CallMove, CallSection, Position, PositionKind, Positions, TakePosition } from './consensus';
export { closingApi, phases, releasePaths } from './closing';
export type * from './closing';
export { closeBrowser, lastMe, leaveBrowser, takeBrowser } from './identity';
export { Live } from './live';
export type { Present } from './live';
export type * from './model';
export { roles } from './model';
export { keepPage } from './own-page';
export type { SavedSign } from './saved-state';
export type { Replica, SectionDocument } from './section-document';
export type { PauseState, ServerEvent } from './events';
