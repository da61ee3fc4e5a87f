// Facts of a section that the page sees sooner than the server tells them: its title and its brackets, from the living
// text. A section whose facts are the same stays the same object, so that nothing is drawn for nothing.
import type { Section, SectionDocument } from '../connection';
import { countBrackets, readBody } from '../editor';

interface Facts {
  readonly title: string;
  readonly brackets: number;
}

export class LiveFacts {
  private readonly facts = new Map<string, Facts>();
  private readonly shown = new Map<string, { readonly from: Section; readonly section: Section }>();
  private readonly waiting = new Map<string, SectionDocument>();
  private frame = 0;

  constructor(private readonly changed: () => void) {}

  /** Follows a document; answers the function that ends it. */
  follow(id: string, document: SectionDocument): () => void {
    const look = (): void => this.look(id, document);
    const stops = [document.events.on('change', look), document.events.on('state', look)];
    look();
    return () => {
      for (const stop of stops) stop();
      this.waiting.delete(id);
      this.facts.delete(id);
    };
  }

  private look(id: string, document: SectionDocument): void {
    this.waiting.set(id, document);
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.read());
  }

  private read(): void {
    this.frame = 0;
    let moved = false;
    for (const [id, document] of this.waiting) {
      if (!document.ready) continue;
      const { title, body } = document.replica;
      const next: Facts = { title: title.toString(), brackets: countBrackets(readBody(body).doc) };
      const before = this.facts.get(id);
      moved ||= before?.title !== next.title || before.brackets !== next.brackets;
      this.facts.set(id, next);
    }
    this.waiting.clear();
    if (moved) this.changed();
  }

  over(section: Section): Section {
    const facts = this.facts.get(section.id);
    if (facts === undefined || (facts.title === section.title && facts.brackets === section.brackets)) return section;
    const known = this.shown.get(section.id);
    if (known?.from === section && known.section.title === facts.title && known.section.brackets === facts.brackets) return known.section;
    const made: Section = { ...section, ...facts };
    this.shown.set(section.id, { from: section, section: made });
    return made;
  }
}
