import { randomUUID } from "node:crypto";

/** A name for a file that is going to take another one's place. */
export function temporaryName(): string {
  return `.kubeferry-${randomUUID()}.tmp`;
}

/** True for such a name: what a run that was killed has left. */
export function isTemporary(name: string): boolean {
  return /^\.kubeferry-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.tmp$/.test(name);
}
