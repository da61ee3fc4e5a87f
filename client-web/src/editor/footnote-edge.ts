// At the edge of a footnote a browser does not know on which side of it a letter belongs, and guesses. Here the letter
// goes where the cursor of the editor is.
import { Plugin } from 'prosemirror-state';
import type { EditorState } from 'prosemirror-state';

function isAtEdge(state: EditorState): boolean {
  const { $head, empty } = state.selection;
  if (!empty) return false;
  const { nodeBefore, nodeAfter, parent, parentOffset } = $head;
  if (nodeBefore?.type.name === 'footnote' || nodeAfter?.type.name === 'footnote') return true;
  return parent.type.name === 'footnote' && (parentOffset === 0 || parentOffset === parent.content.size);
}

export function footnoteEdgePlugin(): Plugin {
  return new Plugin({
    props: {
      handleDOMEvents: {
        beforeinput: (view, event) => {
          const { inputType, data, isComposing } = event as InputEvent;
          if (inputType !== 'insertText' || isComposing || data === null || !view.editable || !isAtEdge(view.state)) return false;
          event.preventDefault();
          view.dispatch(view.state.tr.insertText(data).scrollIntoView());
          return true;
        },
      },
    },
  });
}
