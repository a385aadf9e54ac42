const WARN_VALUE = /\b\d{3} \S+ "((?:[^"\\]|\\.)*)"/g;

/** The texts of Warning headers, in their order. @see RFC 7234, 5.5; Kubernetes sends `299 - "text"` */
export function warningsOf(header: string | string[] | undefined): string[] {
  const values = header === undefined ? [] : [header].flat();
  return values.flatMap((value) =>
    [...value.matchAll(WARN_VALUE)].map(([, text = ""]) => text.replace(/\\(.)/gs, "$1")),
  );
}
