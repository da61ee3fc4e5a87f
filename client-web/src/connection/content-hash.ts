// The content hash of a section (docs/formats/content-hash.md): what the page and the server compare to be sure that
// they hold the same text. Computed alike in C++; nothing is normalised.
import { digest } from 'lib0/hash/sha256';
import * as Y from 'yjs';

const maxDepth = 100;

export function contentHash(doc: Y.Doc): string {
  const octets = new TextEncoder().encode(serializeContent(doc));
  return toHex(digest(octets));
}

export function serializeContent(doc: Y.Doc): string {
  const title = doc.getText('title');
  const body = doc.getXmlFragment('body');
  return `bossey-content-1;${string(title.toString())}${nodes(body, 1)}`;
}

function nodes(parent: Y.XmlFragment, depth: number): string {
  let out = '';
  for (const child of parent.toArray() as readonly unknown[]) out += node(child, depth);
  return out;
}

function node(x: unknown, depth: number): string {
  // XmlHook and XmlElement are told apart by their classes, not by shape.
  if (x instanceof Y.XmlText) return `t(${pieces(x)})`;
  if (x instanceof Y.XmlElement) {
    const children = depth >= maxDepth ? '?' : nodes(x, depth + 1);
    return `e(${string(x.nodeName)}${entries(x.getAttributes() as Record<string, unknown>, 1)}${children})`;
  }
  return '?';
}

function pieces(text: Y.XmlText): string {
  let out = '';
  let words = '';
  let marks = '';
  const flush = (): void => {
    if (words !== '') out += `s${string(words)}${marks}`;
    words = '';
  };
  for (const op of text.toDelta() as readonly { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (op.insert === '') continue;
    const attributes = entries(op.attributes ?? {}, 1);
    if (typeof op.insert === 'string') {
      if (words !== '' && attributes !== marks) flush();
      marks = attributes;
      words += op.insert;
      continue;
    }
    flush();
    out += op.insert instanceof Y.AbstractType ? 'y' : `v${value(op.insert, 1)}${attributes}`;
  }
  flush();
  return out;
}

function entries(object: Readonly<Record<string, unknown>>, depth: number): string {
  let out = '{';
  for (const key of Object.keys(object).sort()) {
    const held = object[key];
    if (held !== undefined && !(held instanceof Y.AbstractType) && !(held instanceof Y.Doc)) out += string(key) + value(held, depth);
  }
  return `${out}}`;
}

function value(v: unknown, depth: number): string {
  if (v === null || v === undefined) return 'n';
  switch (typeof v) {
    case 'boolean':
      return v ? 'T' : 'f';
    case 'number':
      return Number.isSafeInteger(v) ? `i${Object.is(v, -0) ? 0 : v};` : `d${doubleHex(v)}`;
    case 'bigint':
      return `i${v.toString()};`;
    case 'string':
      return `s${string(v)}`;
    default:
      break;
  }
  if (v instanceof Uint8Array) return `x${toHex(v)};`;
  if (depth > maxDepth) return '?';
  if (Array.isArray(v)) return `[${v.map((item: unknown) => value(item, depth + 1)).join('')}]`;
  return entries(v as Readonly<Record<string, unknown>>, depth + 1);
}

function string(s: string): string {
  return `${s.length}:${s}`;
}

function doubleHex(v: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, v, false);
  return toHex(new Uint8Array(view.buffer));
}

function toHex(bytes: Uint8Array): string {
  let out = '';
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0');
  return out;
}
