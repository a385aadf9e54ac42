/** A key or index as one step of a JSON Pointer (RFC 6901), the "/" before it included. */
export function pointerStep(key: string | number): string {
  if (typeof key === "number") return `/${key}`;
  // Hardly any key holds one of the two characters.
  return `/${key.includes("~") || key.includes("/") ? key.replaceAll("~", "~0").replaceAll("/", "~1") : key}`;
}

/** The key that a step of a JSON Pointer names. @param step without its "/" */
export function keyOfStep(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
