import type { JsonObject, JsonValue } from "@kubeferry/model";
import fc, { type Arbitrary } from "fast-check";

/** Texts that one YAML parser or another takes for something else, or stumbles over. */
export const NASTY_TEXTS: readonly string[] = [
  ...["y", "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off", "OFF"],
  ...["true", "True", "TRUE", "false", "False", "FALSE", "null", "Null", "NULL", "nULL", "~", "", "=", "<<", "None"],
  ...["0", "-0", "+1", "0777", "0o17", "0O17", "0x1F", "0X1f", "+0x1", "-0o7", "0b101", "0B1", "0x_1", "1_000", "_1"],
  ...[
    "1e3",
    "1E3",
    "1.",
    ".5",
    "1.0",
    "-1.5e-7",
    "1e",
    "e3",
    "E0",
    "e-1",
    "1,000",
    "12:30:45",
    "1:30",
    "-190:20:30.15",
    "08",
  ],
  ...[".inf", "-.Inf", "+.INF", ".nan", ".NaN", "inf", "Inf", "nan", "NaN", "Infinity", "-inf"],
  ...["2001-01-01", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43.10 -5", "2026-11-21T06:53:56Z"],
  ...["-", "- ", "- a", "-a", "--", "---", "--- x", "--- ", "...", "... x", "?", "? ", "? a", "?a", ":", ": ", ":a"],
  ...["a:", "a: b", "a:b", "a :b", "#", "# a", "a #b", "a#b", "&a", "*a", "!t", "!!str x", "!", "%", "%YAML 1.1", "@a"],
  ...[
    "`a",
    "|",
    "|-",
    ">",
    ">+",
    "[",
    "[]",
    "]",
    "{",
    "{}",
    "}",
    ",",
    "a, b",
    "'",
    "''",
    '"',
    '""',
    "'a'",
    '"a"',
    "\\",
  ],
  ...[
    " ",
    "  ",
    " a",
    "a ",
    "\t",
    "\ta",
    "a\t",
    "a\tb",
    "\n",
    "\n\n",
    "a\n",
    "a\n\n",
    "\na",
    " \na",
    "a\n ",
    "a\n b\n",
  ],
  ...[
    "a\n\nb",
    "a\n \nb",
    "a \nb",
    "a\t\nb",
    "a\n\tb\n",
    "\ta\nb",
    "a\r\nb\r\n",
    "a\rb",
    "\r",
    "a\n---\nb",
    "---\na\n",
  ],
  ...[
    "a\n...\n",
    "#a\nb\n",
    "a\n#b\n",
    "a\n# b",
    "- a\n- b\n",
    "a: b\nc: d\n",
    "%a\nb",
    "a\n%b\n",
    "|\na",
    "a\n  b\nc\n",
  ],
  ...[
    "\u0000",
    "\u0001",
    "\u0007\b\f\v\u001b",
    "\u007f",
    "a\u007fb",
    "\u0080",
    "\u0085",
    "a\u0085b",
    "a\nb\u0085c",
    "\u009f",
  ],
  ...[
    "\u00a0",
    "\u00ad",
    "a\u2028b",
    "a\u2029b",
    "a\n\u2028b\n",
    "\ufeff",
    "a\ufeffb",
    "\ufffd",
    "\ufffe",
    "\uffff",
    "\ue000",
  ],
  ...[
    "\u{1f600}",
    "a\n\u{1f600}\nb",
    "\u{10ffff}",
    "\u200b",
    "\u202e",
    "e\u0301",
    "ünïcödé",
    "日本語",
    "\ufdd0",
    "\u{1fffe}",
  ],
  ...[
    "__proto__",
    "constructor",
    "toString",
    "apiVersion",
    "apps/v1",
    "nginx:1.25",
    "http://a/b?c=d",
    "system:auth",
    "/healthz",
  ],
  ...[
    "x".repeat(999),
    "x".repeat(1100),
    `${"x".repeat(500)}: ${"y".repeat(600)}`,
    "é".repeat(1030),
    "\u0085".repeat(200),
  ],
  ...[
    "a ".repeat(80),
    `${"word ".repeat(40)}\n${"word ".repeat(40)}x`,
    "100m",
    "64Mi",
    "1h30m",
    "10.0.0.1",
    "::1",
    "v1",
  ],
];

const INTEGERS: readonly (number | bigint)[] = [
  ...[0, -1, 1, 2 ** 31, 2 ** 53 - 1, -(2 ** 53 - 1)],
  ...[2n ** 53n, 2n ** 53n + 1n, -(2n ** 53n) - 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n, 2n ** 64n - 1n],
];

const FLOATS: readonly number[] = [
  ...[0.1, -0.5, 1.5, 1e-7, 1.5e-7, 1e21, 1.5e300, 5e-324, 1.7976931348623157e308, -1e21],
];

/** Pieces from which texts are put together. */
const PIECES: readonly string[] = [
  ...[
    "a",
    "B",
    "0",
    "7",
    "_",
    "e",
    "x",
    "o",
    ".",
    "-",
    "+",
    ":",
    "/",
    " ",
    "  ",
    "\n",
    "\n\n",
    "\t",
    "\r",
    "#",
    "&",
    "*",
  ],
  ...[
    "!",
    "%",
    "@",
    "`",
    "|",
    ">",
    "[",
    "]",
    "{",
    "}",
    ",",
    "?",
    "'",
    '"',
    "\\",
    "=",
    "~",
    "<<",
    "- ",
    ": ",
    " #",
    "---",
  ],
  ...[
    "\u0000",
    "\u001b",
    "\u007f",
    "\u0085",
    "\u00a0",
    "\u2028",
    "\u2029",
    "\ufeff",
    "\ue000",
    "\u{1f600}",
    "é",
    "yes",
    "null",
  ],
];

const assembled = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => pieces.join(""));

/** Texts: known traps, traps put together at random, lines, and any well-formed Unicode. */
export const nastyText: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
  { weight: 4, arbitrary: assembled },
  { weight: 2, arbitrary: fc.array(assembled, { maxLength: 5 }).map((lines) => lines.join("\n")) },
  { weight: 2, arbitrary: fc.string({ unit: "binary", maxLength: 12 }) },
  { weight: 1, arbitrary: fc.stringMatching(/^[-+.0-9_eExob:]{1,8}$/) },
);

/** Every number JSON can say in Kubernetes: 64-bit integers at their edges, and doubles. */
export const nastyNumber: Arbitrary<number | bigint> = fc.oneof(
  fc.constantFrom(...INTEGERS),
  fc.constantFrom(...FLOATS),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(asJson),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(asKubernetes),
);

/** Any JSON value of a few levels. */
export const nastyValue: Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: "small", withCrossShrink: true },
    { weight: 6, arbitrary: nastyText },
    { weight: 2, arbitrary: nastyNumber },
    { weight: 1, arbitrary: fc.constantFrom(null, true, false) },
    { weight: 3, arbitrary: fc.array(tie("value"), { maxLength: 4 }) },
    { weight: 4, arbitrary: tie("object") },
  ),
  object: fc
    .array(fc.tuple(nastyText, tie("value")), { maxLength: 5 })
    .map((entries) => Object.fromEntries(entries) as JsonObject),
})).value;

// Where an integer is safe, our reader makes a number of it.
function asJson(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

// Written without exponent an integral double is an integer to whoever reads it.
function asKubernetes(value: number): number | bigint {
  const isLarge = Number.isInteger(value) && !Number.isSafeInteger(value);
  return isLarge && Math.abs(value) < 1e21 ? BigInt(String(value)) : value;
}
