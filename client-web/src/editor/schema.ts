// The schema of a section's body: node and mark names are what y-prosemirror writes into the Yjs document and what
// the server reads. Content is written so that no order of concurrent edits makes a node with words invalid.
import { Schema } from 'prosemirror-model';
import type { Attrs, DOMOutputSpec, MarkSpec, NodeSpec } from 'prosemirror-model';

/** Addresses a link may have. Everything else loses its link, never its words. */
const safeAddress = /^(https?:|mailto:)/i;

export function isSafeAddress(href: string): boolean {
  return safeAddress.test(href.trim());
}

function directionAttributes(attrs: Attrs): Record<string, string> {
  const out: Record<string, string> = { dir: typeof attrs['dir'] === 'string' ? attrs['dir'] : 'auto' };
  if (typeof attrs['lang'] === 'string') out['lang'] = attrs['lang'];
  return out;
}

function readDirection(dom: HTMLElement): Attrs {
  const dir = dom.getAttribute('dir');
  const lang = dom.getAttribute('lang');
  return { dir: dir === 'rtl' || dir === 'ltr' ? dir : null, lang: lang !== null && lang !== '' ? lang : null };
}

function headingLevel(attrs: Attrs): number {
  const level = Number(attrs['level']);
  return Number.isInteger(level) ? Math.min(6, Math.max(3, level)) : 3;
}

function cellSpec(tag: 'td' | 'th'): NodeSpec {
  return {
    content: 'inline*',
    attrs: { align: { default: null } },
    isolating: true,
    parseDOM: [
      {
        tag,
        getAttrs: (dom) => {
          const align = dom.getAttribute('data-align') ?? dom.getAttribute('align');
          return { align: align === 'left' || align === 'right' || align === 'center' ? align : null };
        },
      },
    ],
    toDOM: (node): DOMOutputSpec => {
      const attrs: Record<string, string> = { dir: 'auto' };
      if (typeof node.attrs['align'] === 'string') attrs['data-align'] = node.attrs['align'];
      if (tag === 'th') attrs['scope'] = 'col';
      return [tag, attrs, 0];
    },
  };
}

const nodes: Record<string, NodeSpec> = {
  doc: { content: 'block+' },
  paragraph: {
    content: 'inline*',
    group: 'block',
    attrs: { dir: { default: null }, lang: { default: null } },
    parseDOM: [{ tag: 'p', getAttrs: readDirection }],
    toDOM: (node): DOMOutputSpec => ['p', directionAttributes(node.attrs), 0],
  },
  heading: {
    content: 'inline*',
    group: 'block',
    defining: true,
    attrs: { level: { default: 3 } },
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({ tag: `h${level}`, attrs: { level: Math.max(3, level) } })),
    toDOM: (node): DOMOutputSpec => [`h${headingLevel(node.attrs)}`, { dir: 'auto' }, 0],
  },
  bullet_list: {
    content: 'list_item+',
    group: 'block',
    parseDOM: [{ tag: 'ul' }],
    toDOM: (): DOMOutputSpec => ['ul', { dir: 'auto' }, 0],
  },
  ordered_list: {
    content: 'list_item+',
    group: 'block',
    attrs: { order: { default: 1 } },
    parseDOM: [
      {
        tag: 'ol',
        getAttrs: (dom) => {
          const start = Number(dom.getAttribute('start') ?? '1');
          return { order: Number.isInteger(start) && start >= 0 ? start : 1 };
        },
      },
    ],
    toDOM: (node): DOMOutputSpec =>
      Number(node.attrs['order']) === 1
        ? ['ol', { dir: 'auto' }, 0]
        : ['ol', { dir: 'auto', start: String(node.attrs['order']) }, 0],
  },
  list_item: {
    content: 'block+',
    defining: true,
    parseDOM: [{ tag: 'li' }],
    toDOM: (): DOMOutputSpec => ['li', 0],
  },
  blockquote: {
    content: 'block+',
    group: 'block',
    defining: true,
    parseDOM: [{ tag: 'blockquote' }],
    toDOM: (): DOMOutputSpec => ['blockquote', { dir: 'auto' }, 0],
  },
  horizontal_rule: {
    group: 'block',
    parseDOM: [{ tag: 'hr' }],
    toDOM: (): DOMOutputSpec => ['hr'],
  },
  table: {
    content: 'table_row+',
    group: 'block',
    isolating: true,
    parseDOM: [{ tag: 'table' }],
    toDOM: (): DOMOutputSpec => ['table', { dir: 'auto' }, ['tbody', 0]],
  },
  table_row: {
    content: '(table_header | table_cell)+',
    parseDOM: [{ tag: 'tr' }],
    toDOM: (): DOMOutputSpec => ['tr', 0],
  },
  table_header: cellSpec('th'),
  table_cell: cellSpec('td'),
  text: { group: 'inline' },
  hard_break: {
    inline: true,
    group: 'inline',
    selectable: false,
    parseDOM: [{ tag: 'br' }],
    toDOM: (): DOMOutputSpec => ['br'],
    leafText: () => '\n',
  },
  footnote: {
    content: '(text | hard_break)*',
    inline: true,
    group: 'inline',
    draggable: false,
    parseDOM: [{ tag: 'span.footnote', contentElement: '.footnote-text' }],
    toDOM: (): DOMOutputSpec => ['span', { class: 'footnote' }, ['span', { class: 'footnote-text', dir: 'auto' }, 0]],
  },
};

// Marks nest in this order, the first outermost, in the page as in the canonical text.
const marks: Record<string, MarkSpec> = {
  bracket: {
    attrs: { id: { default: null } },
    excludes: '',
    inclusive: false,
    parseDOM: [{ tag: 'span.bracket', getAttrs: (dom) => ({ id: dom.getAttribute('data-id') }) }],
    toDOM: (mark): DOMOutputSpec => ['span', { class: 'bracket', 'data-id': String(mark.attrs['id'] ?? '') }, 0],
  },
  link: {
    attrs: { href: { default: '' } },
    inclusive: false,
    parseDOM: [
      {
        tag: 'a[href]',
        getAttrs: (dom) => {
          const href = dom.getAttribute('href') ?? '';
          return isSafeAddress(href) ? { href } : false;
        },
      },
    ],
    toDOM: (mark): DOMOutputSpec => {
      const href = String(mark.attrs['href']);
      return isSafeAddress(href)
        ? ['a', { href, rel: 'noopener noreferrer', target: '_blank' }, 0]
        : ['span', { class: 'no-link' }, 0];
    },
  },
  strong: {
    parseDOM: [
      { tag: 'strong' },
      { tag: 'b', getAttrs: (dom) => dom.style.fontWeight !== 'normal' && null },
      { style: 'font-weight', getAttrs: (value) => /^(bold(er)?|[6-9]\d{2})$/.test(value) && null },
    ],
    toDOM: (): DOMOutputSpec => ['strong', 0],
  },
  em: {
    parseDOM: [{ tag: 'em' }, { tag: 'i' }, { style: 'font-style=italic' }],
    toDOM: (): DOMOutputSpec => ['em', 0],
  },
};

export const schema = new Schema({ nodes, marks });
