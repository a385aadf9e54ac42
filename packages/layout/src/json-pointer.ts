/** A key or index as one step of a JSON Pointer (RFC 6901), the "/" before it included. */
export function pointerStep(key: string | number): string {
  return `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** The key that a step of a JSON Pointer names. @param step without its "/" */
export function keyOfStep(step: string): string {
  return step.replaceAll("~1", "/").replaceAll("~0", "~");
}
