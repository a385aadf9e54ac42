import type { Call } from "./call.ts";
import { KubeferryError } from "./error.ts";
import type { SecurityEvent } from "./security-event.ts";

/** An error goes through several hands, and each may want to say what it is. */
const noted = new WeakSet<Error>();

/**
 * Logs the security event that an error is, or comes from; once an error. Said where an error is dealt with, and not where
 * it is made: a request that is tried again is no second event.
 */
export function noteSecurityEvent(error: unknown, call: Call): void {
  const found = securityError(error);
  if (found === undefined || noted.has(found.error)) return;
  const { error: whole, event } = found;
  noted.add(whole);
  const data = { target: `${whole.who}: ${whole.operation}`, reason: whole.problem };
  call.log.warn("security event", { operation: "security_event", event, data });
}

/** Causes of causes further down are none of ours. */
const MAX_CAUSES = 6;

function securityError(error: unknown): { readonly error: KubeferryError; readonly event: SecurityEvent } | undefined {
  let at = error;
  for (let depth = 0; depth < MAX_CAUSES && at instanceof Error; depth++) {
    if (at instanceof KubeferryError && at.security !== undefined) return { error: at, event: at.security };
    at = at.cause;
  }
  return undefined;
}
