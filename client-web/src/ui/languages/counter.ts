// Numbers with their words, as each language counts: "# edits" with the form that goes with the number.

/** The forms a language has; `other` is the one that always exists. `#` stands for the number. */
export type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }>;

export function counter(locale: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale);
  const digits = new Intl.NumberFormat(locale);
  return (n, forms) => (forms[rules.select(n)] ?? forms.other).replace('#', digits.format(n));
}
