import type { ForgeAnswer } from "./forge-http.ts";

/** True for answers that say "not now": rate limits, and gateways without a server behind them. */
export function isTransient(answer: ForgeAnswer): boolean {
  return isRateLimit(answer) || [408, 502, 503, 504].includes(answer.status);
}

/** True for 429, and for the 403 by which some hosts say the same. */
export function isRateLimit({ status, headers }: ForgeAnswer): boolean {
  if (status === 429) return true;
  return status === 403 && (headers["retry-after"] !== undefined || headers["x-ratelimit-remaining"] === "0");
}

/**
 * How long the host wants to be left alone, from `now` (milliseconds since 1970): Retry-After in seconds or as a date,
 * else the moment of X-RateLimit-Reset (seconds since 1970). Undefined when it does not say.
 */
export function retryAfterMs({ headers }: ForgeAnswer, now: number): number | undefined {
  const after = headers["retry-after"]?.trim();
  if (after !== undefined && /^\d+$/.test(after)) return Number(after) * 1000;
  const date = after === undefined ? Number.NaN : Date.parse(after);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = headers["x-ratelimit-reset"];
  if (headers["x-ratelimit-remaining"] !== "0" || reset === undefined || !/^\d+$/.test(reset)) return undefined;
  return Math.max(0, Number(reset) * 1000 - now);
}
