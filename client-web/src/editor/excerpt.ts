// What leaves the editor by copying: an excerpt of a text that is not agreed says so. Pasting takes the note out again
// (paste.ts), so that moving words within the report leaves no trace of it.
import { DOMParser, DOMSerializer } from 'prosemirror-model';
import type { Fragment } from 'prosemirror-model';
import { schema } from './schema';
import { plainTextOf } from './static-view';

/** `disclaimer` answers the short form that holds now, or '' for agreed text. */
export function excerptText(content: Fragment, disclaimer: string): string {
  return disclaimer === '' ? plainTextOf(content) : `[${disclaimer}]\n\n${plainTextOf(content)}`;
}

/** What is drawn between the words and is not part of them: cursors, the signs of brackets, the editor's own marks. */
const drawn = '.cursor, .bracket-sign, .ProseMirror-widget, .ProseMirror-separator, .ProseMirror-trailingBreak';
const plainSerializer = DOMSerializer.fromSchema(schema);

/** A piece of a section's text, cut out of the page, as it is to be copied. The piece is emptied of what is drawn. */
export function copiedExcerpt(piece: DocumentFragment): { readonly text: string; readonly dom: DocumentFragment } {
  for (const element of piece.querySelectorAll(drawn)) element.remove();
  const place = document.createElement('div');
  place.append(piece);
  const { content } = DOMParser.fromSchema(schema).parseSlice(place);
  const dom = document.createDocumentFragment();
  dom.append(plainSerializer.serializeFragment(content));
  return { text: plainTextOf(content), dom };
}

export class ExcerptSerializer extends DOMSerializer {
  constructor(private readonly disclaimer: () => string) {
    const base = DOMSerializer.fromSchema(schema);
    super(base.nodes, base.marks);
  }

  override serializeFragment(
    fragment: Fragment,
    options: { document?: Document } = {},
    target?: HTMLElement | DocumentFragment,
  ): HTMLElement | DocumentFragment {
    const excerpt = super.serializeFragment(fragment, options, target);
    const words = this.disclaimer();
    // With a target it is the inside of a node. The note stands last: the first element carries ProseMirror's own mark.
    if (target === undefined && words !== '') {
      const note = (options.document ?? document).createElement('p');
      note.dataset['bossey'] = 'disclaimer';
      note.textContent = `[${words}]`;
      excerpt.append(note);
    }
    return excerpt;
  }
}
