// The editor of a section: its schema, its static rendering, its title. The only folder that touches ProseMirror.
export { countBrackets } from './brackets';
export type { ActionName, CursorFacts } from './commands';
export { colourOf } from './cursors';
export { copiedExcerpt } from './excerpt';
export { readBody } from './reading';
export type { Reading } from './reading';
export { SectionEditor } from './section-editor';
export type { EditorHost, EditorPlace } from './section-editor';
export { renderStatic } from './static-view';
export { TitleField } from './title-field';
export type { TitleHost } from './title-field';
