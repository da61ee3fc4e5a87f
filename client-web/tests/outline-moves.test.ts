// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { moveDown, moveInside, moveOutside, moveTo, moveUp } from '../src/ui/outline-moves';

// 1, 2 (2.1, 2.2), 3
const outline = [
  { id: '1', parent: null },
  { id: '2', parent: null },
  { id: '2.1', parent: '2' },
  { id: '2.2', parent: '2' },
  { id: '3', parent: null },
];

describe('moving in the outline', () => {
  it('goes up over the section before on the same level', () => {
    expect(moveUp(outline, '3')).toEqual({ parent: null, after: '1' });
    expect(moveUp(outline, '2')).toEqual({ parent: null, after: null });
    expect(moveUp(outline, '1')).toBeNull();
    expect(moveUp(outline, '2.1')).toBeNull();
  });

  it('goes down over the section after on the same level', () => {
    expect(moveDown(outline, '2.1')).toEqual({ parent: '2', after: '2.2' });
    expect(moveDown(outline, '3')).toBeNull();
  });

  it('goes inside the section above as its last one', () => {
    expect(moveInside(outline, '3')).toEqual({ parent: '2', after: '2.2' });
    expect(moveInside(outline, '2')).toEqual({ parent: '1', after: null });
    expect(moveInside(outline, '1')).toBeNull();
  });

  it('goes out to stand right after its chapter', () => {
    expect(moveOutside(outline, '2.1')).toEqual({ parent: null, after: '2' });
    expect(moveOutside(outline, '3')).toBeNull();
  });

  it('goes where it is dropped', () => {
    expect(moveTo(outline, '3', '2', 'before')).toEqual({ parent: null, after: '1' });
    expect(moveTo(outline, '3', '1', 'before')).toEqual({ parent: null, after: null });
    expect(moveTo(outline, '1', '2.1', 'after')).toEqual({ parent: '2', after: '2.1' });
    expect(moveTo(outline, '3', '2', 'inside')).toEqual({ parent: '2', after: '2.2' });
    expect(moveTo(outline, '2.1', '3', 'after')).toEqual({ parent: null, after: '3' });
  });

  it('is nothing where it is dropped into itself or where it stands already', () => {
    expect(moveTo(outline, '2', '2.1', 'after')).toBeNull();
    expect(moveTo(outline, '2', '2', 'inside')).toBeNull();
    expect(moveTo(outline, '2', '1', 'after')).toBeNull();
    expect(moveTo(outline, '2', '3', 'before')).toBeNull();
    expect(moveTo(outline, '2.2', '2', 'inside')).toBeNull();
  });
});
