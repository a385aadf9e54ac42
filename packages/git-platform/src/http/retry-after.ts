import type { ForgeAnswer } from "./forge-http.ts";

/** True for answers that say "not now": rate limits, and gateways without a server behind them. */
export function isTransient(answer: ForgeAnswer): boolean {
  return isRateLimit(answer) || [408, 502, 503, 504].includes(answer.status);
}

/** True for 429, and for the 403 by which some hosts say the same. */
export function isRateLimit({ status, headers }: ForgeAnswer): boolean {
  if (status === 429) return true;
  return status === 403 && (headers["retry-after"] !== undefined || remaining(headers) === "0");
}

/**
 * How long the host wants to be left alone, from `now` (milliseconds since 1970): Retry-After in seconds or as a date,
 * else, when nothing of the limit remains, X-RateLimit-Reset or RateLimit-Reset (seconds since 1970, or from now).
 * Undefined when it does not say.
 */
export function retryAfterMs({ headers }: ForgeAnswer, now: number): number | undefined {
  const after = headers["retry-after"]?.trim();
  if (after !== undefined && /^\d+$/.test(after)) return Number(after) * 1000;
  const date = after === undefined ? Number.NaN : Date.parse(after);
  if (!Number.isNaN(date)) return Math.max(0, date - now);
  const reset = headers["x-ratelimit-reset"] ?? headers["ratelimit-reset"];
  if (remaining(headers) !== "0" || reset === undefined || !/^\d+$/.test(reset)) return undefined;
  const seconds = Number(reset);
  return seconds < LONG_AGO ? seconds * 1000 : Math.max(0, seconds * 1000 - now);
}

/** 2001 in seconds since 1970: a smaller number counts from now. */
const LONG_AGO = 1_000_000_000;

function remaining(headers: ForgeAnswer["headers"]): string | undefined {
  return headers["x-ratelimit-remaining"] ?? headers["ratelimit-remaining"];
}
