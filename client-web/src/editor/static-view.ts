// The rendering of a section where no editor is mounted: the same elements as the editor's, so that the change from
// one to the other moves nothing, and finding, printing and screen readers meet the same text.
import { DOMSerializer, Fragment } from 'prosemirror-model';
import type { Node } from 'prosemirror-model';
import { bracketEdges, bracketSign } from './brackets';
import { schema } from './schema';

const serializer = DOMSerializer.fromSchema(schema);

export function renderStatic(doc: Node): DocumentFragment {
  const out = document.createDocumentFragment();
  doc.forEach((block) => out.append(renderNode(block)));
  return out;
}

function renderNode(node: Node): globalThis.Node {
  const spec = node.type.spec.toDOM?.(node);
  if (spec === undefined) return document.createTextNode(node.text ?? '');
  const { dom, contentDOM } = DOMSerializer.renderSpec(document, spec);
  if (contentDOM === undefined) return dom;
  if (node.inlineContent) renderInline(node, contentDOM);
  else node.forEach((child) => contentDOM.append(renderNode(child)));
  return dom;
}

/** Runs of text between signs and footnotes go to the serializer, which nests marks as the editor does. */
function renderInline(block: Node, into: HTMLElement): void {
  const edges = [...bracketEdges(block)];
  let run: Node[] = [];
  const flush = (): void => {
    if (run.length > 0) into.append(serializer.serializeFragment(Fragment.from(run)));
    run = [];
  };
  const signsAt = (offset: number): void => {
    while (edges[0]?.offset === offset) {
      flush();
      const edge = edges.shift();
      if (edge !== undefined) into.append(bracketSign(edge));
    }
  };
  let offset = 0;
  block.forEach((child) => {
    signsAt(offset);
    if (child.type.name === 'footnote') {
      flush();
      into.append(renderNode(child));
    } else run.push(child);
    offset += child.nodeSize;
  });
  signsAt(offset);
  flush();
}

/** The text as it is copied: blocks on lines of their own, brackets and footnotes visible. */
export function plainTextOf(content: Fragment): string {
  const lines: string[] = [];
  content.descendants((node) => {
    if (!node.inlineContent || node.isInline) return true;
    lines.push(inlineText(node));
    return false;
  });
  return lines.length > 0 ? lines.join('\n\n') : content.textBetween(0, content.size);
}

/** A copied excerpt must still show what is not agreed. */
export function inlineText(block: Node): string {
  const edges = [...bracketEdges(block)];
  let out = '';
  let offset = 0;
  const signsAt = (): void => {
    while (edges[0]?.offset === offset) out += edges.shift()?.sign ?? '';
  };
  block.forEach((child) => {
    signsAt();
    if (child.type.name === 'footnote') out += ` (${child.textContent})`;
    else if (child.type.name === 'hard_break') out += '\n';
    else out += child.text ?? '';
    offset += child.nodeSize;
  });
  signsAt();
  return out;
}
