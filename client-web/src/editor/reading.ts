// Reads the Yjs tree of a section's body as a ProseMirror document without ever writing to it. y-prosemirror deletes,
// for everyone, what its schema does not hold: whoever mounts an editor asks here first.
import type { Mark, Node } from 'prosemirror-model';
import * as Y from 'yjs';
import { schema } from './schema';

export interface Reading {
  readonly doc: Node;
  /** Names of nodes, marks and attributes the schema does not hold. Not empty: never mount an editor. */
  readonly unknown: readonly string[];
  /** Nodes without words that an editor would clear away: mount only where the person may write. */
  readonly wouldPrune: boolean;
}

interface Findings {
  readonly unknown: Set<string>;
  wouldPrune: boolean;
}

/** The mark's name behind a Yjs attribute: marks that may overlap themselves carry `--` and eight characters. */
export function markName(attribute: string): string {
  return /^(.*)--[a-zA-Z0-9+/=]{8}$/.exec(attribute)?.[1] ?? attribute;
}

export function readBody(body: Y.XmlFragment): Reading {
  const findings: Findings = { unknown: new Set(), wouldPrune: false };
  const blocks: Node[] = [];
  for (const child of body.toArray()) {
    if (child instanceof Y.XmlElement) {
      const block = readElement(child, findings);
      if (block !== null) blocks.push(block.isBlock && fitsBody(block) ? block : asParagraph(block.textContent, block.type.name, findings));
    } else {
      blocks.push(asParagraph(plainText(child), 'text outside a paragraph', findings));
    }
  }
  if (blocks.length === 0) blocks.push(schema.node('paragraph'));
  return { doc: schema.node('doc', null, blocks), unknown: [...findings.unknown].sort(), wouldPrune: findings.wouldPrune };
}

function fitsBody(block: Node): boolean {
  return schema.nodes['doc']?.contentMatch.matchType(block.type) != null;
}

function readElement(element: Y.XmlElement, findings: Findings): Node | null {
  const name = element.nodeName;
  const type = schema.nodes[name];
  const children: Node[] = [];
  for (const child of element.toArray()) {
    if (child instanceof Y.XmlText) children.push(...readText(child, findings));
    else if (child instanceof Y.XmlElement) {
      const node = readElement(child, findings);
      if (node !== null) children.push(node);
    } else findings.unknown.add('hook');
  }
  const words = children.map((child) => child.textContent).join('');
  if (type === undefined || name === 'doc' || name === 'text') return asParagraph(words, name, findings);
  const attributes = element.getAttributes() as Record<string, unknown>;
  for (const key of Object.keys(attributes)) {
    if (!Object.hasOwn(type.spec.attrs ?? {}, key)) findings.unknown.add(`${name} ${key}`);
  }
  try {
    return type.createChecked(attributes, children);
  } catch {
    if (words === '') {
      findings.wouldPrune = true;
      return null;
    }
    return asParagraph(words, name, findings);
  }
}

function readText(text: Y.XmlText, findings: Findings): Node[] {
  const out: Node[] = [];
  for (const piece of text.toDelta() as readonly { insert: unknown; attributes?: Record<string, unknown> }[]) {
    if (typeof piece.insert !== 'string') {
      findings.unknown.add('embedded object');
      continue;
    }
    if (piece.insert === '') continue;
    const found: Mark[] = [];
    for (const [key, value] of Object.entries(piece.attributes ?? {})) {
      const type = schema.marks[markName(key)];
      if (type === undefined) findings.unknown.add(`mark ${markName(key)}`);
      else found.push(type.create(typeof value === 'object' && value !== null ? value : null));
    }
    out.push(schema.text(piece.insert, found));
  }
  return out;
}

function plainText(type: Y.XmlText | Y.XmlHook): string {
  return type instanceof Y.XmlText ? (type.toDelta() as { insert: unknown }[]).map((d) => String(d.insert)).join('') : '';
}

function asParagraph(words: string, name: string, findings: Findings): Node {
  findings.unknown.add(name);
  return schema.node('paragraph', null, words === '' ? [] : [schema.text(words)]);
}
