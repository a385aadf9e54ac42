import { CleanError, parseYamlStream } from "@kubeferry/clean";
import { at, isJsonObject, type JsonValue, textAt } from "@kubeferry/model";
import { findCredential } from "@kubeferry/snapshot";
import type { GitRef } from "../git-ref.ts";
import { GitOpsError } from "../gitops-error.ts";
import { HOLDS_SECRET } from "./secret-reasons.ts";

/** What the last look compares bytes with. */
export interface LastLook {
  /** True when a text holds a Secret's value in clear, or in base64. */
  holdsSecret(text: string): boolean;
  /** Whether the configuration lets an object into Git although it looks like it holds a credential. */
  allowsCredential(object: GitRef): boolean;
}

/**
 * The last look before a commit, at the bytes themselves: whatever went wrong before, no Secret but one that sops
 * encrypted, no Secret's value and nothing in the form of a credential is committed.
 * @param object the one in the file, or that the file changes. What is made of names and of the configuration only has
 *   none, and is no copy of a Secret though one may say the same: Argo CD keeps the addresses of its repositories and
 *   clusters in Secrets
 * @throws GitOpsError "blocked"
 */
export function checkBytes(path: string, text: string, object: GitRef | undefined, look: LastLook): void {
  const problem = bytesProblem(text, object, look);
  if (problem !== undefined) throw blocked(path, problem);
}

/** What `checkBytes` would say of a text. */
export function bytesProblem(text: string, object: GitRef | undefined, look: LastLook): string | undefined {
  if (holdsPlainSecret(text)) return "it is a Secret";
  if (object !== undefined && look.holdsSecret(text)) return HOLDS_SECRET;
  const credential = findCredential(text);
  if (credential === undefined || (object !== undefined && look.allowsCredential(object))) return undefined;
  return `it holds what looks like a ${credential.replaceAll("-", " ")}`;
}

function holdsPlainSecret(text: string): boolean {
  // Hardly any file has the word, without which it is none.
  if (!text.includes("Secret")) return false;
  if (/^["']?kind["']?: *["']?Secret["']?\s*$/m.test(text)) return !documentsOf(text).every(isEncrypted);
  // In one line, in a list: nothing here writes that, so it is worth a parser.
  if (!/["']kind["']\s*:\s*["']Secret["']|\{\s*kind\s*:\s*["']?Secret\b/.test(text)) return false;
  return documentsOf(text).some((document) => isSecret(document) && !isEncrypted(document));
}

function documentsOf(text: string): readonly JsonValue[] {
  try {
    return [...parseYamlStream(text)];
  } catch (error) {
    if (error instanceof CleanError) return [{ kind: "Secret" }]; // What cannot be read cannot be let pass.
    throw error;
  }
}

function isSecret(document: JsonValue): boolean {
  const items = at(document, "items");
  return textAt(document, "kind") === "Secret" || (Array.isArray(items) && items.some(isSecret));
}

/** A file of sops: with its MAC, and with nothing but empty texts and ciphers where a Secret has values. */
function isEncrypted(document: JsonValue): boolean {
  if (!/^ENC\[AES256_GCM,/.test(textAt(document, "sops", "mac") ?? "")) return false;
  return ["data", "stringData"].every((field) => {
    const values = at(document, field);
    if (values === undefined) return true;
    return isJsonObject(values) && Object.values(values).every(isCipher);
  });
}

function isCipher(value: JsonValue): boolean {
  return typeof value === "string" && /^(ENC\[AES256_GCM,data:[^\]]+\])?$/.test(value);
}

function blocked(path: string, problem: string): GitOpsError {
  return new GitOpsError({
    kind: "blocked",
    who: "gitops",
    operation: `write ${path}`,
    problem,
    security: "secret-blocked",
    next: "nothing was pushed; take the value out of where it was copied to, then back up again",
  });
}
