import type { JsonValue } from "@kubeferry/model";

/** A sign, digits with or without a fraction, and an exponent or a suffix. */
const QUANTITY = /^([+-]?)(\d{1,40})?(?:\.(\d{0,40}))?(?:[eE]([+-]?\d{1,2})|([KMGTPE]i|[numkMGTPE]))?$/;

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n };

/** Beyond these a value is no quantity that anybody wrote on purpose, and the powers would only cost memory. */
const MOST_DECIMALS = 160;

/**
 * True when both are quantities of the same amount: "1000m" and 1, "1Gi" and "1024Mi", "1e3" and "1k". Nothing is
 * rounded.
 * @see apimachinery pkg/api/resource, Quantity
 */
export function sameQuantity(left: JsonValue, right: JsonValue): boolean {
  const a = amountOf(left);
  return a !== undefined && a === amountOf(right);
}

/** The amount in units of 10^-160; undefined for what is no quantity. */
function amountOf(value: JsonValue): bigint | undefined {
  if (typeof value !== "string" && typeof value !== "number" && typeof value !== "bigint") return undefined;
  const match = QUANTITY.exec(String(value));
  if (match === null) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0", suffix = ""] = match;
  if (whole === "" && fraction === "") return undefined;
  const decimals = MOST_DECIMALS - fraction.length + Number(exponent) + (DECIMAL[suffix] ?? 0);
  const amount = (BigInt(`${whole}${fraction}`) * 10n ** BigInt(decimals)) << (BINARY[suffix] ?? 0n);
  return sign === "-" ? -amount : amount;
}
