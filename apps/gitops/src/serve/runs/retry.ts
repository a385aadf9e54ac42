import { KubeferryError } from "@kubeferry/model";

const FIRST_RETRY_MS = 15_000;

/** Something did not answer, or somebody else was faster: the same run can succeed. */
const PASSING: ReadonlySet<string> = new Set(["unavailable", "rate-limited", "conflict"]);

/**
 * When a run that failed is tried again, counted from its end.
 * @param failures in a row, this one included
 * @returns undefined where the next interval is soon enough: for what does not pass, and where that comes first
 */
export function retryInMs(
  error: unknown,
  failures: number,
  { intervalMs, random }: { readonly intervalMs: number; readonly random: () => number },
): number | undefined {
  if (!(error instanceof KubeferryError) || !PASSING.has(error.kind)) return undefined;
  const backoffMs = FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 20) * (0.75 + random() / 2);
  const waitMs = Math.round(Math.max(backoffMs, askedMs(error)));
  return waitMs < intervalMs ? waitMs : undefined;
}

/** A host that limits says when it wants to be asked again. */
function askedMs(error: KubeferryError): number {
  const { retryAfterMs } = error as { readonly retryAfterMs?: unknown };
  return typeof retryAfterMs === "number" ? retryAfterMs : 0;
}
