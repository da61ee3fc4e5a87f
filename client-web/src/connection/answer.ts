// Reading what came from outside: `unknown` goes in, typed values come out, or an error that names the field.

export class BadAnswer extends Error {
  constructor(field: string) {
    super(`The server's answer has no good "${field}".`);
    this.name = 'BadAnswer';
  }
}

/** One JSON object being read; every getter checks the type of its field. */
export class Answer {
  private readonly fields: Readonly<Record<string, unknown>>;

  constructor(
    value: unknown,
    private readonly name = 'answer',
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadAnswer(name);
    this.fields = value as Readonly<Record<string, unknown>>;
  }

  text(key: string): string {
    const value = this.fields[key];
    if (typeof value !== 'string') throw new BadAnswer(`${this.name}.${key}`);
    return value;
  }

  textOr<T>(key: string, otherwise: T): string | T {
    const value = this.fields[key];
    return typeof value === 'string' ? value : otherwise;
  }

  number(key: string): number {
    const value = this.fields[key];
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new BadAnswer(`${this.name}.${key}`);
    return value;
  }

  numberOr<T>(key: string, otherwise: T): number | T {
    const value = this.fields[key];
    return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
  }

  flag(key: string): boolean {
    return this.fields[key] === true;
  }

  has(key: string): boolean {
    return this.fields[key] !== undefined && this.fields[key] !== null;
  }

  names(): readonly string[] {
    return Object.keys(this.fields);
  }

  object(key: string): Answer {
    return new Answer(this.fields[key], `${this.name}.${key}`);
  }

  list<T>(key: string, read: (item: Answer) => T): readonly T[] {
    const value = this.fields[key];
    if (value === undefined || value === null) return [];
    if (!Array.isArray(value)) throw new BadAnswer(`${this.name}.${key}`);
    return value.map((item) => read(new Answer(item, `${this.name}.${key}`)));
  }

  texts(key: string): readonly string[] {
    const value = this.fields[key];
    return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
  }

  numbers(key: string): readonly number[] {
    const value = this.fields[key];
    return Array.isArray(value) ? value.filter((item): item is number => typeof item === 'number') : [];
  }

  oneOf<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
    const value = this.fields[key];
    return allowed.find((item) => item === value) ?? otherwise;
  }
}
