// Section editors for tests, mounted in the test's page. The test calls `endEditors` after each case.
import * as Y from 'yjs';
import { Awareness } from 'y-protocols/awareness';
import { SectionEditor } from '../src/editor/section-editor';

/** Whether the editors may write now. */
export const right = { write: true };

const host = {
  label: 'Text',
  writer: { name: 'One', person: 1 },
  editable: () => right.write,
  disclaimer: () => '',
  cross: () => false,
  extend: () => undefined,
  selectReport: () => undefined,
  escape: () => undefined,
  askForLink: () => undefined,
  focusChanged: () => undefined,
  moved: () => undefined,
  mustEnd: () => undefined,
  picturesDropped: () => undefined,
};

const editors: SectionEditor[] = [];

export function editorOf(y: Y.Doc): SectionEditor {
  const place = document.createElement('div');
  document.body.append(place);
  const editor = new SectionEditor(
    place,
    { doc: y, title: y.getText('title'), body: y.getXmlFragment('body'), awareness: new Awareness(y) },
    host,
  );
  editors.push(editor);
  return editor;
}

export function endEditors(): void {
  right.write = true;
  for (const editor of editors.splice(0)) editor.destroy();
}
