// Where a section goes when it is moved in the outline, by a step or by dragging. Pure; null where there is no such move.
import type { Section } from '../connection';

export interface Move {
  readonly parent: string | null;
  readonly after: string | null;
}

type Item = Pick<Section, 'id' | 'parent'>;

function siblings(sections: readonly Item[], id: string): { list: readonly Item[]; at: number; parent: string | null } | null {
  const self = sections.find((s) => s.id === id);
  if (self === undefined) return null;
  const list = sections.filter((s) => s.parent === self.parent);
  return { list, at: list.findIndex((s) => s.id === id), parent: self.parent };
}

export function moveUp(sections: readonly Item[], id: string): Move | null {
  const found = siblings(sections, id);
  if (found === null || found.at <= 0) return null;
  return { parent: found.parent, after: found.list[found.at - 2]?.id ?? null };
}

export function moveDown(sections: readonly Item[], id: string): Move | null {
  const found = siblings(sections, id);
  const next = found?.list[found.at + 1];
  return found === null || next === undefined ? null : { parent: found.parent, after: next.id };
}

/** Into the section above on the same level, as its last one. */
export function moveInside(sections: readonly Item[], id: string): Move | null {
  const found = siblings(sections, id);
  const above = found?.list[found.at - 1];
  if (above === undefined) return null;
  return { parent: above.id, after: sections.filter((s) => s.parent === above.id).at(-1)?.id ?? null };
}

/** Out of its chapter, to stand right after it. */
export function moveOutside(sections: readonly Item[], id: string): Move | null {
  const found = siblings(sections, id);
  if (found === null || found.parent === null) return null;
  const chapter = sections.find((s) => s.id === found.parent);
  return chapter === undefined ? null : { parent: chapter.parent, after: chapter.id };
}

export type DropPlace = 'before' | 'after' | 'inside';

/** Dropped before, after or inside another section; never into itself, and null where nothing would change. */
export function moveTo(sections: readonly Item[], id: string, target: string, place: DropPlace): Move | null {
  const parentOf = new Map(sections.map((s) => [s.id, s.parent]));
  for (let at: string | null | undefined = target; at != null; at = parentOf.get(at)) if (at === id) return null;
  const found = siblings(sections, target);
  const self = siblings(sections, id);
  if (found === null || self === null) return null;
  const withoutSelf = sections.filter((s) => s.id !== id);
  const list = withoutSelf.filter((s) => s.parent === found.parent);
  const move: Move =
    place === 'inside'
      ? { parent: target, after: withoutSelf.filter((s) => s.parent === target).at(-1)?.id ?? null }
      : {
          parent: found.parent,
          after: place === 'after' ? target : (list[list.findIndex((s) => s.id === target) - 1]?.id ?? null),
        };
  const isSame = move.parent === self.parent && move.after === (self.list[self.at - 1]?.id ?? null);
  return isSame ? null : move;
}
