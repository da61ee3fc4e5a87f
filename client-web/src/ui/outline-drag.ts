// Dragging a section in the outline, by mouse, pen or finger: which place the pointer is over, and the drop. Says only
// where; the outline does the move.
import type { DropPlace } from './outline-moves';

export interface Drop {
  readonly target: string;
  readonly place: DropPlace;
}

const edge = 40;

export class OutlineDrag {
  /** The section being dragged. */
  dragged: string | null = null;
  drop: Drop | null = null;

  constructor(
    private readonly outline: HTMLElement,
    private readonly changed: () => void,
    private readonly dropped: (section: string, drop: Drop) => void,
  ) {}

  readonly start = (event: PointerEvent, section: string): void => {
    if (event.button !== 0) return;
    event.preventDefault();
    const grip = event.currentTarget as HTMLElement;
    grip.setPointerCapture(event.pointerId);
    this.dragged = section;
    const finish = (isDrop: boolean): void => {
      grip.removeEventListener('pointermove', this.move);
      grip.removeEventListener('pointerup', up);
      grip.removeEventListener('pointercancel', cancel);
      window.removeEventListener('keydown', escape, true);
      const { drop } = this;
      this.dragged = null;
      this.drop = null;
      this.changed();
      if (isDrop && drop !== null) this.dropped(section, drop);
    };
    const up = (): void => finish(true);
    const cancel = (): void => finish(false);
    const escape = (key: KeyboardEvent): void => {
      if (key.key !== 'Escape') return;
      key.preventDefault();
      finish(false);
    };
    grip.addEventListener('pointermove', this.move);
    grip.addEventListener('pointerup', up);
    grip.addEventListener('pointercancel', cancel);
    window.addEventListener('keydown', escape, true);
    this.changed();
  };

  private readonly move = (event: PointerEvent): void => {
    this.scroll(event.clientY);
    const item = document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>('li[data-item]') ?? null;
    const target = item?.dataset['item'] ?? null;
    const line = item?.querySelector('a')?.getBoundingClientRect();
    if (target === null || line === undefined || !this.outline.contains(item)) return this.show(null);
    const share = (event.clientY - line.top) / line.height;
    this.show({ target, place: share < 0.3 ? 'before' : share > 0.7 ? 'after' : 'inside' });
  };

  private show(drop: Drop | null): void {
    if (drop?.target === this.drop?.target && drop?.place === this.drop?.place) return;
    this.drop = drop;
    this.changed();
  }

  /** The list follows the pointer at its edges. */
  private scroll(y: number): void {
    const box = this.outline.closest<HTMLElement>('.beside');
    const isOwn = box !== null && box.scrollHeight > box.clientHeight;
    const [top, bottom] = isOwn ? [box.getBoundingClientRect().top, box.getBoundingClientRect().bottom] : [0, window.innerHeight];
    const by = y < top + edge ? -12 : y > bottom - edge ? 12 : 0;
    if (by !== 0) (isOwn ? box : window).scrollBy(0, by);
  }
}
