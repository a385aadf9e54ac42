import { Secret } from "@kubeferry/model";
import { describeError } from "./describe-error.ts";
import { MASK, type Redactor } from "./redactor.ts";

/** Deeper fields are cut: a log line is no dump. */
const MAX_DEPTH = 8;
const SECRET_KEY =
  /(password|passwd|passphrase|token|secretkey|accesskey|accesskeyid|apikey|privatekey|clientsecret|authorization|cookie|credentials?)$/;

/** A field's value as JSON can carry it, with every secret taken out; never throws. */
export function plainValue(value: unknown, redactor: Redactor): unknown {
  return visit(value, { redactor, above: [] });
}

/** True for keys that hold a secret by their name, however they are spelled: `secretKey`, `SECRET_KEY`, `x-auth-token`. */
function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key.toLowerCase().replace(/[^a-z]/g, ""));
}

interface Visit {
  readonly redactor: Redactor;
  /** The objects this value lies in. */
  readonly above: readonly object[];
}

function visit(value: unknown, at: Visit): unknown {
  switch (typeof value) {
    case "string":
      return at.redactor.text(value);
    case "number":
      return Number.isFinite(value) ? value : String(value);
    case "boolean":
    case "undefined":
      return value;
    case "bigint":
      return value.toString();
    case "object":
      return value === null ? null : visitObject(value, at);
    default:
      return `[${typeof value}]`;
  }
}

function visitObject(value: object, at: Visit): unknown {
  if (value instanceof Secret) return MASK;
  if (at.above.includes(value)) return "[circular]";
  if (at.above.length >= MAX_DEPTH) return "[too deep]";
  if (value instanceof Error) return visit(describeError(value), at);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "invalid date" : value.toISOString();
  if (value instanceof URL || value instanceof RegExp) return at.redactor.text(String(value));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  const below = { ...at, above: [...at.above, value] };
  if (Array.isArray(value)) return value.map((item: unknown) => visit(item, below) ?? null);
  if (value instanceof Set) return [...value].map((item: unknown) => visit(item, below) ?? null);
  if (value instanceof Map || value instanceof Headers) return visitEntries([...value], below);
  return visitEntries(entriesOf(value), below);
}

function visitEntries(entries: readonly (readonly [unknown, unknown])[], at: Visit): Record<string, unknown> {
  const plain = entries.map(([key, value]): [string, unknown] => {
    const name = String(key);
    return [at.redactor.text(name), isSecretKey(name) && hides(value) ? MASK : visit(value, at)];
  });
  return Object.fromEntries(plain.filter(([, value]) => value !== undefined));
}

// Whether there is a token is no secret.
function hides(value: unknown): boolean {
  return value !== null && value !== undefined && typeof value !== "boolean";
}

// A getter of a stranger's object may throw; a log line must not.
function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  return Object.keys(value).map((key) => {
    try {
      return [key, (value as Record<string, unknown>)[key]] as const;
    } catch {
      return [key, "[unreadable]"] as const;
    }
  });
}
