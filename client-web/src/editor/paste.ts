// Cleans what is pasted, from Word above all: keeps words, emphasis, lists, tables and links, drops the rest. What the
// text cannot hold is counted, so that the person can be told.
import { Fragment, Slice } from 'prosemirror-model';
import type { Node } from 'prosemirror-model';
import { schema } from './schema';

export interface CleanPaste {
  readonly html: string;
  /** Pictures that could not be taken over. */
  readonly pictures: number;
}

export function cleanPastedHtml(html: string): CleanPaste {
  const dom = new DOMParser().parseFromString(html.replace(/<!--[\s\S]*?-->|<!\[(if|endif)[^>]*>/g, ''), 'text/html');
  // The disclaimer that the page puts before a copied excerpt is not part of the words.
  for (const note of dom.querySelectorAll('[data-bossey]')) note.remove();
  const pictures = dom.querySelectorAll('img, svg, canvas, v\\:imagedata').length;
  for (const gone of dom.querySelectorAll('style, script, meta, link, title, xml, img, svg, canvas, object, iframe')) gone.remove();
  makeWordLists(dom);
  for (const element of dom.querySelectorAll('*')) {
    // Word's own elements (o:p, w:sdt …) leave their words behind.
    if (element.tagName.includes(':')) element.replaceWith(...element.childNodes);
    else if (element.tagName === 'SPAN' && !element.hasAttribute('class')) plainSpan(element as HTMLElement);
  }
  return { html: dom.body.innerHTML, pictures };
}

/** Emphasis that Word writes as a style. */
function plainSpan(span: HTMLElement): void {
  const style = (span.getAttribute('style') ?? '').toLowerCase();
  const bold = /font-weight:\s*(bold|[6-9]00)/.test(style);
  const italic = /font-style:\s*italic/.test(style);
  let content: globalThis.Node[] = [...span.childNodes];
  const wrap = (tag: string): void => {
    const element = span.ownerDocument.createElement(tag);
    element.append(...content);
    content = [element];
  };
  if (italic) wrap('em');
  if (bold) wrap('strong');
  span.replaceWith(...content);
}

/** Word's lists are paragraphs with a style that names list and level, and the bullet as text. */
function makeWordLists(dom: Document): void {
  let open: HTMLElement[] = [];
  let previous: Element | null = null;
  for (const paragraph of [...dom.querySelectorAll<HTMLElement>('p')]) {
    const level = /mso-list:\s*l\d+\s+level(\d+)/i.exec(paragraph.getAttribute('style') ?? '')?.[1];
    if (level === undefined) continue;
    const sign = paragraph.querySelector<HTMLElement>('span[style*="mso-list"]');
    const isOrdered = /^\s*[\dA-Za-z]{1,4}[.)]/.test(sign?.textContent ?? '');
    sign?.remove();
    if (paragraph.previousElementSibling !== previous || previous === null) open = [];
    const depth = Math.min(Number(level), open.length + 1);
    open = open.slice(0, depth);
    if (open.length < depth) {
      const list = dom.createElement(isOrdered ? 'ol' : 'ul');
      const parent = open.at(-1)?.lastElementChild;
      if (parent === null || parent === undefined) paragraph.before(list);
      else parent.append(list);
      open.push(list);
    }
    const item = dom.createElement('li');
    const inner = dom.createElement('p');
    inner.append(...paragraph.childNodes);
    item.append(inner);
    open.at(-1)?.append(item);
    previous = open[0] ?? null;
    paragraph.remove();
  }
}

/** Pasted brackets are new brackets: two places never share an id. */
export function withFreshBrackets(slice: Slice, freshId: () => string): Slice {
  const names = new Map<string, string>();
  const copy = (fragment: Fragment): Fragment => {
    const children: Node[] = [];
    fragment.forEach((child) => {
      const marks = child.marks.map((mark) => {
        if (mark.type.name !== 'bracket') return mark;
        const old = String(mark.attrs['id']);
        const id = names.get(old) ?? freshId();
        names.set(old, id);
        return schema.mark('bracket', { id });
      });
      children.push(child.isText ? child.mark(marks) : child.copy(copy(child.content)).mark(marks));
    });
    return Fragment.from(children);
  };
  return new Slice(copy(slice.content), slice.openStart, slice.openEnd);
}
