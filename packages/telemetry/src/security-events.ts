import { type LogFields, SECURITY_EVENTS, type SecurityEvent } from "@kubeferry/model";
import { added } from "./metrics/count-gitops-run.ts";

/** How often each kind of security event was logged; one that never was is missing. */
export type SecurityEventCounts = Readonly<Partial<Record<SecurityEvent, number>>>;

/** Counts security events among log lines. */
export interface SecurityEventCounter {
  /** Looks at the fields of a line. */
  see(fields: LogFields | undefined): void;
  counts(): SecurityEventCounts;
}

/** A counter that has seen nothing yet. */
export function createSecurityEventCounter(): SecurityEventCounter {
  const counts = new Map<SecurityEvent, number>();
  return {
    see(fields) {
      if (fields?.operation !== "security_event") return;
      const { event, events = 1 } = fields;
      if (event !== undefined && event in SECURITY_EVENTS) counts.set(event, (counts.get(event) ?? 0) + events);
    },
    counts: () => Object.fromEntries(counts),
  };
}

/** Counts of two processes together. */
export function addSecurityEvents(one: SecurityEventCounts, other: SecurityEventCounts): SecurityEventCounts {
  return added(one, other);
}

/** One for the process: every log of it counts here, whatever level it writes. */
export const processSecurityEvents = createSecurityEventCounter();
