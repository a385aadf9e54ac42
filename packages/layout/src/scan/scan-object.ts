import { Buffer } from "node:buffer";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";
import { findCredential } from "@kubeferry/snapshot";
import { pointerStep } from "../json-pointer.ts";
import { isSecretWithValues } from "./carried-secret.ts";
import { looksRandom } from "./entropy.ts";
import { looksSecret, suspicionOf } from "./key-names.ts";
import { decodedText, findInText } from "./scan-text.ts";

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
  const note = (field: string, what: string | undefined) => {
    if (what !== undefined) found.push({ field, what });
  };
  const onlyForms = ONLY_FORMS.has(group);
  walk(object, "", undefined, {
    onText: (text, field, key) => note(field, formOf(text) ?? (onlyForms ? undefined : hintOf(text, key))),
    onNumber: (text, field, key) => note(field, onlyForms ? undefined : hintOfNumber(text, key)),
    onMap(map, field) {
      // The name itself would be in the pointer: the finding stands at what holds it.
      const form = Object.keys(map)
        .map(formOf)
        .find((each) => each !== undefined);
      note(field, form && `${form}, in the name of a field`);
      if (field === "" || onlyForms || !isSecretWithValues(map)) return;
      note(`${field}/${map.data === undefined ? "stringData" : "data"}`, "a Secret in it");
    },
  });
  const form = found.length > 0 || yaml === undefined ? undefined : findCredential(yaml);
  note("", form && `${shown(form)}, in several fields`);
  return found;
}

interface Visitor {
  onText(text: string, field: string, key: string | undefined): void;
  onNumber(text: string, field: string, key: string | undefined): void;
  onMap(map: JsonObject, field: string): void;
}

/** @param key under which a value stands; of an environment variable, and of any such pair, its name */
function walk(value: JsonValue, field: string, key: string | undefined, visitor: Visitor): void {
  if (typeof value === "string") visitor.onText(value, field, key);
  else if (typeof value === "number" || typeof value === "bigint") visitor.onNumber(String(value), field, key);
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      walk(item, `${field}/${index}`, optionIn(value[index - 1]) ?? key, visitor);
    }
  } else if (isJsonObject(value)) {
    visitor.onMap(value, field);
    const pair = [value.name, value.key].find((each) => typeof each === "string");
    for (const [name, item] of Object.entries(value)) {
      const named = name === "value" && typeof pair === "string" ? pair : name;
      walk(item, `${field}${pointerStep(name)}`, named, visitor);
    }
  }
}

/** "db-password" of "--db-password", whose value is the next argument. */
function optionIn(argument: JsonValue | undefined): string | undefined {
  return typeof argument === "string" ? /^--?([A-Za-z][\w.-]{0,80})$/.exec(argument)?.[1] : undefined;
}

/** `scheme://user:password@host`, with a password that is written out. */
const URL_WITH_PASSWORD = /[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@"'<>$]{1,100}:([^\s/@"'<>$*%{]{4,200})@[a-z0-9[]/i;

function formOf(text: string): string | undefined {
  if (text.length < 16) return undefined;
  const kind = findCredential(Buffer.from(text, "utf8")) ?? inBase64(text);
  if (kind !== undefined) return shown(kind);
  return URL_WITH_PASSWORD.test(text) ? "a password in a URL" : undefined;
}

function shown(kind: NonNullable<ReturnType<typeof findCredential>>): string {
  return `${kind.replaceAll("-", " ")} by its form`;
}

function inBase64(text: string): ReturnType<typeof findCredential> {
  const dense = text.replace(/\s/g, "");
  if (dense.length < 40 || !/^[A-Za-z0-9+/]+={0,2}$/.test(dense)) return undefined;
  return findCredential(Buffer.from(dense, "base64"));
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
