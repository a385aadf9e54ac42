import { setTimeout } from "node:timers/promises";
import { KubeferryError } from "@kubeferry/model";
import type { Patience } from "@kubeferry/recovery";

/** "usage": a text that is no duration. */
class DurationError extends KubeferryError<"usage"> {}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** Argo CD looks at an Application every few seconds while it syncs. */
const POLL_MS = 2_000;

/** How long `--timeout` waits: "90s", "10m", "2h". @throws KubeferryError "usage" */
export function patienceOf(timeout: string): Patience {
  const [, amount = "", unit = ""] = /^(\d{1,5})(s|m|h)$/.exec(timeout) ?? [];
  const timeoutMs = Number(amount) * (UNIT_MS[unit] ?? 0);
  if (timeoutMs === 0) {
    const problem = "expected a duration with its unit, such as 90s, 10m or 2h";
    throw new DurationError({ kind: "usage", who: "rollback", operation: `--timeout ${timeout}`, problem });
  }
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => setTimeout(ms, undefined, { signal });
  return { timeoutMs, pollMs: POLL_MS, now: () => performance.now(), sleep };
}
