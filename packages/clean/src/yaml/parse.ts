import type { JsonValue } from "@kubeferry/model";
import { type Document, parseAllDocuments } from "yaml";
import { CleanError } from "../clean-error.ts";
import { setOwn } from "../path.ts";
import { parseOwn } from "./parse-own.ts";

/**
 * Reads one YAML document as JSON value, by the rules of YAML 1.2 (`yes` is a text, `0o17` a number): what we write
 * comes back equal. Keys are texts whatever they look like, integers outside the safe range are bigints, anchors are
 * resolved, `<<` is an ordinary key. An empty text is null.
 * @throws CleanError "unreadable" for broken YAML, a key twice, a key that is no scalar, `.inf` and `.nan`, more than
 * one document
 */
export function parseYaml(text: string): JsonValue {
  const own = parseOwn(text);
  if (own !== undefined) return own;
  const documents = parseYamlStream(text);
  if (documents.length > 1) throw unreadable(`it holds ${documents.length} documents where one was expected`);
  return documents[0] ?? null;
}

/**
 * Reads every document of a YAML stream, as `kubectl get -o yaml` and `kustomize build` write them; a document that is
 * empty or null is left out.
 * @throws CleanError "unreadable" as `parseYaml`
 */
export function parseYamlStream(text: string): JsonValue[] {
  const documents = attempt(() =>
    parseAllDocuments(text, {
      schema: "core",
      version: "1.2",
      intAsBigInt: true,
      stringKeys: true,
      merge: false,
      resolveKnownTags: false,
      prettyErrors: false,
      logLevel: "error",
    }),
  );
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => toJson(document, text)).filter((value) => value !== null);
}

function toJson(document: Document.Parsed, text: string): JsonValue {
  const [error] = document.errors;
  // The library's message may quote the text, which may be secret: its code and place are enough.
  if (error !== undefined) throw unreadable(`${error.code} at ${placeOf(error.pos[0], text)}`);
  const root = { value: attempt(() => document.toJS()) as JsonValue };
  narrowNumbers(root);
  return root.value;
}

/** "line 3, column 7", both counted from 1. */
function placeOf(offset: number, text: string): string {
  const lines = text.slice(0, offset).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1) ?? "").length + 1}`;
}

/** Turns bigints that fit into numbers, in place: the tree was just made. Not recursive, since it may be 10,000 deep. */
function narrowNumbers(root: { value: JsonValue }): void {
  const pending: object[] = [root];
  const seen = new Set<object>(pending);
  for (let holder = pending.pop(); holder !== undefined; holder = pending.pop()) {
    for (const [key, value] of Object.entries(holder)) {
      if (typeof value === "bigint" || typeof value === "number") setOwn(holder as never, key, narrowed(value));
      else if (typeof value === "object" && value !== null && !seen.has(value)) {
        seen.add(value);
        pending.push(value);
      }
    }
  }
}

function narrowed(value: bigint | number): bigint | number {
  if (typeof value === "number" && !Number.isFinite(value))
    throw unreadable("a number is not finite, which JSON cannot say");
  if (typeof value === "number") return value;
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** The library answers too many aliases and too deep a nesting by errors of JavaScript. */
function attempt<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (error instanceof ReferenceError) throw unreadable("its aliases expand without measure");
    if (error instanceof RangeError) throw unreadable("it is nested too deeply");
    throw error;
  }
}

function unreadable(problem: string): CleanError {
  return new CleanError({
    kind: "unreadable",
    who: "yaml",
    operation: "read a document",
    problem,
    next: "check it with kubectl create --dry-run=client -f",
  });
}
