import { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject, type JsonValue, pointerStep } from "@kubeferry/model";
import { findCredential } from "@kubeferry/snapshot";
import { isSecretWithValues } from "./carried-secret.ts";
import { looksRandom } from "./entropy.ts";
import { looksSecret, suspicionOf } from "./key-names.ts";
import { decodedText, denseBase64, findInText } from "./scan-text.ts";

/** Something in an object that looks like a credential; never the value. */
export interface ScanFinding {
  /** JSON pointer: "/data/application.properties"; "" for what no single field holds. */
  readonly field: string;
  /** "a private key", "a password by its name". */
  readonly what: string;
}

/** Types whose content is names of fields and of rights: only what has the form of a credential counts in them. */
const ONLY_FORMS: ReadonlySet<string> = new Set(["apiextensions.k8s.io", "rbac.authorization.k8s.io"]);

/**
 * Looks through every text of an object: for what has the form of a credential, also in base64; for values under a name
 * like `password`, as field, environment variable, annotation, argument or part of a configuration; for Secrets that it
 * carries; and for what looks drawn at random. A hint: neither complete nor always right.
 * @param yaml its file, in which no form of a credential may be left that no field has
 */
export function scanObject(object: JsonObject, group: string, yaml?: Buffer): readonly ScanFinding[] {
  const found: ScanFinding[] = [];
  const note = (path: Path, what: string | undefined) => {
    if (what !== undefined) found.push({ field: path.map(pointerStep).join(""), what });
  };
  const onlyForms = ONLY_FORMS.has(group);
  walk(object, [], undefined, {
    onText: (text, path, key) => note(path, formOf(text) ?? (onlyForms ? undefined : hintOf(text, key))),
    onNumber: (text, path, key) => note(path, onlyForms ? undefined : hintOfNumber(text, key)),
    onName(name, path) {
      // The name itself would be in the pointer: the finding stands at what holds it.
      const form = formOf(name);
      note(path, form && `${form}, in the name of a field`);
      return form !== undefined;
    },
    onMap(map, path) {
      if (path.length === 0 || onlyForms || !isSecretWithValues(map)) return;
      note([...path, map.data === undefined ? "stringData" : "data"], "a Secret in it");
    },
  });
  const form = found.length > 0 || yaml === undefined ? undefined : findCredential(yaml);
  note([], form && `${shown(form)}, in several fields`);
  return found;
}

/** Keys and indexes; the same list is changed on the way. */
type Path = readonly (string | number)[];

interface Visitor {
  onText(text: string, path: Path, key: string | undefined): void;
  onNumber(text: string, path: Path, key: string | undefined): void;
  /** @param path of the map that has the name @returns true when no other name of it is asked about */
  onName(name: string, path: Path): boolean;
  onMap(map: JsonObject, path: Path): void;
}

/** @param key under which a value stands; of an environment variable, and of any such pair, its name */
function walk(value: JsonValue, path: (string | number)[], key: string | undefined, visitor: Visitor): void {
  if (typeof value === "string") visitor.onText(value, path, key);
  else if (typeof value === "number" || typeof value === "bigint") visitor.onNumber(String(value), path, key);
  else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      walk(value[index] as JsonValue, path, optionIn(value[index - 1]) ?? key, visitor);
      path.pop();
    }
  } else if (isJsonObject(value)) {
    walkMap(value, path, visitor);
  }
}

function walkMap(map: JsonObject, path: (string | number)[], visitor: Visitor): void {
  const names = Object.keys(map);
  names.some((name) => visitor.onName(name, path));
  visitor.onMap(map, path);
  for (const name of names) {
    path.push(name);
    walk(map[name] as JsonValue, path, name === "value" ? nameIn(map) : name, visitor);
    path.pop();
  }
}

/** What the value of a pair of name and value stands under: the name of an environment variable, or "value". */
function nameIn({ name, key }: JsonObject): string {
  if (typeof name === "string") return name;
  return typeof key === "string" ? key : "value";
}

/** "db-password" of "--db-password", whose value is the next argument. */
function optionIn(argument: JsonValue | undefined): string | undefined {
  return typeof argument === "string" && argument.startsWith("-")
    ? /^--?([A-Za-z][\w.-]{0,80})$/.exec(argument)?.[1]
    : undefined;
}

/** `scheme://user:password@host`, with a password that is written out. */
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>$]{1,100}:([^\s/@"'<>$*%{]{4,200})@[a-z0-9[]/i;

function formOf(text: string): string | undefined {
  if (text.length < 16) return undefined;
  const kind = findCredential(text) ?? inBase64(text);
  if (kind !== undefined) return shown(kind);
  return text.includes("://") && URL_WITH_PASSWORD.test(text) ? "a password in a URL" : undefined;
}

function shown(kind: NonNullable<ReturnType<typeof findCredential>>): string {
  return `${kind.replaceAll("-", " ")} by its form`;
}

function inBase64(text: string): ReturnType<typeof findCredential> {
  const dense = denseBase64(text, 40);
  return dense === undefined ? undefined : findCredential(Buffer.from(dense, "base64"));
}

function hintOf(text: string, key: string | undefined): string | undefined {
  const suspicion = key === undefined ? "none" : suspicionOf(key);
  if (suspicion !== "none" && looksSecret(suspicion, text)) return "a credential by its name";
  const decoded = decodedText(text);
  const inside = findInText(text) ?? (decoded === undefined ? undefined : findInText(decoded));
  if (inside !== undefined) return inside;
  return looksRandom(text.trim()) && !PUBLIC.test(key ?? "") ? "a text drawn at random" : undefined;
}

function hintOfNumber(text: string, key: string | undefined): string | undefined {
  const secret = key !== undefined && suspicionOf(key) === "always" && looksSecret("always", text);
  return secret ? "a credential by its name" : undefined;
}

/** Keys, digests and identifiers that everybody may know. */
const PUBLIC =
  /(^|[^a-z])(ca|cert|certificate|bundle|digest|checksum|hash|sha\d*|public|fingerprint|signature|etag)|(bundle|hash|checksum|digest|cert|publickey)$/i;
