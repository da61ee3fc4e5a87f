// Other people's cursors in the text: a thin line in the person's colour with the name above it. Names are drawn by the
// style sheet, so that they are never found, copied or read out as text.
import type { DecorationAttrs } from 'prosemirror-view';

interface Writer {
  readonly name: string;
  readonly person: number;
}

/** Colour number of a person: the style sheet has eight, each readable on both papers. */
export function colourOf(person: number): number {
  return ((person % 8) + 8) % 8;
}

function readWriter(user: unknown): Writer {
  const { name, person } = (typeof user === 'object' && user !== null ? user : {}) as Record<string, unknown>;
  return { name: typeof name === 'string' ? name.slice(0, 60) : '', person: typeof person === 'number' ? person : 0 };
}

export function buildCursor(user: unknown): HTMLElement {
  const { name, person } = readWriter(user);
  const cursor = document.createElement('span');
  cursor.className = `cursor who-${colourOf(person)}`;
  cursor.setAttribute('aria-hidden', 'true');
  const label = document.createElement('span');
  label.className = 'cursor-name';
  label.dataset['name'] = name;
  // Word joiners keep browsers from breaking the line at the cursor.
  cursor.append('\u2060', label, '\u2060');
  return cursor;
}

export function buildSelection(user: unknown): DecorationAttrs {
  return { class: `selection who-${colourOf(readWriter(user).person)}` };
}

/** What this person's awareness state says while writing. The colour's form is what the plug-in asks for. */
export function writerState(name: string, person: number): Record<string, unknown> {
  return { user: { name, person, color: '#1f4f7a' } };
}
