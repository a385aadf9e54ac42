/**
 * Reads headers as OpenTelemetry writes them: "authorization=Bearer%20abc,x-tenant=shop".
 * @returns names and values; pieces without a name are passed over
 */
export function parseHeaders(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(",").flatMap((piece): [string, string][] => {
    const equals = piece.indexOf("=");
    const name = piece.slice(0, Math.max(equals, 0)).trim();
    return name === "" ? [] : [[name, decoded(piece.slice(equals + 1).trim())]];
  });
  return Object.fromEntries(pairs);
}

/** A "%" that begins no code is one. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
