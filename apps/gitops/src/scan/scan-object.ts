import { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { findCredential } from "@kubeferry/snapshot";
import { looksRandom } from "./entropy.ts";
import { looksSecret, suspicionOf } from "./key-names.ts";

/** Something in an object that looks like a credential; never the value. */
export interface ScanFinding {
  /** JSON pointer: "/data/application.properties". */
  readonly field: string;
  /** "a private key", "a password by its name". */
  readonly what: string;
}

/** Types whose content is names of fields and of rights: only what has the form of a credential counts in them. */
const ONLY_FORMS: ReadonlySet<string> = new Set(["apiextensions.k8s.io", "rbac.authorization.k8s.io"]);

/**
 * Looks through every text of an object: for what has the form of a credential, also in base64; for values under a name
 * like `password`, as field, environment variable, annotation, argument or line of a configuration; and for what looks
 * drawn at random. A hint: neither complete nor always right.
 */
export function scanObject(object: JsonObject, group: string): readonly ScanFinding[] {
  const found: ScanFinding[] = [];
  const onlyForms = ONLY_FORMS.has(group);
  walk(object, "", undefined, (text, field, key) => {
    const what = formOf(text) ?? (onlyForms ? undefined : hintOf(text, key));
    if (what !== undefined) found.push({ field, what });
  });
  return found;
}

type OnText = (text: string, field: string, key: string | undefined) => void;

/** @param key under which a text stands; of an environment variable, and of any such pair, its name */
function walk(value: JsonValue, field: string, key: string | undefined, onText: OnText): void {
  if (typeof value === "string") onText(value, field, key);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, `${field}/${index}`, key, onText);
  } else if (isJsonObject(value)) {
    for (const [name, item] of Object.entries(value)) {
      const named = name === "value" && typeof value.name === "string" ? value.name : name;
      walk(item, `${field}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, named, onText);
    }
  }
}

/** `scheme://user:password@host`, with a password that is written out. */
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>$]{1,100}:([^\s/@"'<>$*%{]{4,200})@[a-z0-9[]/i;

function formOf(text: string): string | undefined {
  if (text.length < 16) return undefined;
  const kind = findCredential(Buffer.from(text, "utf8")) ?? inBase64(text);
  if (kind !== undefined) return `${kind.replaceAll("-", " ")} by its form`;
  return URL_WITH_PASSWORD.test(text) ? "a password in a URL" : undefined;
}

function inBase64(text: string): ReturnType<typeof findCredential> {
  const dense = text.replace(/\s/g, "");
  if (dense.length < 40 || !/^[A-Za-z0-9+/]+={0,2}$/.test(dense)) return undefined;
  return findCredential(Buffer.from(dense, "base64"));
}

function hintOf(text: string, key: string | undefined): string | undefined {
  const suspicion = key === undefined ? "none" : suspicionOf(key);
  if (suspicion !== "none" && looksSecret(suspicion, text)) return "a credential by its name";
  if ([...lines(text)].some(([name, value]) => isSecretLine(name, value)))
    return "a credential by its name, in a line of it";
  return looksRandom(text.trim()) && !PUBLIC.test(key ?? "") ? "a text drawn at random" : undefined;
}

/** Keys, digests and identifiers that everybody may know. */
const PUBLIC =
  /(^|[^a-z])(ca|cert|certificate|bundle|digest|checksum|hash|sha\d*|public|fingerprint|signature|etag)|(bundle|hash|checksum|digest|cert|publickey)$/i;

const MOST_LINES = 20_000;

/** "key: value", "key=value" and "--key=value", as configuration files and arguments have them. */
function* lines(text: string): Generator<readonly [string, string]> {
  if (!/[:=]/.test(text)) return;
  for (const line of text.split("\n", MOST_LINES)) {
    if (line.length > 2_000) continue;
    const pair = /^\s*(?:-{1,2}|export\s+|["'])?([A-Za-z][\w.-]{2,80})["']?\s*[:=]\s*(.+)$/.exec(line);
    if (pair?.[1] !== undefined && pair[2] !== undefined)
      yield [pair[1], pair[2].replace(/^["']|["'],?\s*$|,\s*$/g, "")];
  }
}

function isSecretLine(name: string, value: string): boolean {
  const suspicion = suspicionOf(name);
  return suspicion !== "none" && looksSecret(suspicion, value);
}
