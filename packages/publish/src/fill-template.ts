/** What a configured text may speak of: the names in braces, without the braces. */
export type TemplateValues = Readonly<Record<string, string>>;

/**
 * Puts values where a template names them. In one pass: a value that holds braces itself, as names from a cluster may,
 * stays as it is. A name that is not there stays too; the schema lets none through.
 */
export function fillTemplate(template: string, values: TemplateValues): string {
  return template.replace(/\{([\w.-]+)\}/g, (written, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? "") : written,
  );
}

/** The same for what has to be one line with something in it; `fallback` where nothing is left. */
export function fillLine(template: string, values: TemplateValues, fallback: string): string {
  const line = fillTemplate(template, values)
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim();
  return line === "" ? fallback : line;
}
