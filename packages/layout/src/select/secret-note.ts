import { isWithheld } from "@kubeferry/clean";
import { annotationOf, type JsonObject, keysAt, textAt } from "@kubeferry/model";
import type { SecretNote } from "../findings.ts";
import type { GitRef } from "../git-ref.ts";

/** Secrets that controllers or installers make for themselves: nobody provides them by hand. */
const MADE_BY_MACHINES =
  /^(kubernetes\.io\/service-account-token|bootstrap\.kubernetes\.io\/token|helm\.sh\/release\.v1)$/;

/** Whether a snapshot holds the values of a Secret, and whether there are any. */
function valueState(secret: JsonObject, keys: readonly string[]): "present" | "withheld" | "empty" {
  if (isWithheld(secret)) return "withheld";
  return keys.length === 0 ? "empty" : "present";
}

/**
 * What users have to know of a Secret to provide it: name, type and the names of its keys.
 * @returns undefined for Secrets that are made by a machine
 */
export function noteOfSecret(secret: {
  readonly folder: string;
  readonly source: string;
  readonly ref: GitRef;
  readonly object: JsonObject;
}): SecretNote | undefined {
  const { folder, source, ref, object } = secret;
  const type = textAt(object, "type") ?? "Opaque";
  if (MADE_BY_MACHINES.test(type)) return undefined;
  // OpenShift gives every ServiceAccount a Secret for its own registry.
  if (annotationOf(object, "kubernetes.io/service-account.name") !== undefined) return undefined;
  const keys = [...new Set([...keysAt(object, "data"), ...keysAt(object, "stringData")])].sort();
  return { folder, source, name: ref.name, content: { type, keys }, value: valueState(object, keys) };
}

/** Helm keeps its releases in Secrets of this name; their type, which says so, is encrypted. */
const HELM_RELEASE = /^sh\.helm\.release\.v1\./;

/** As `noteOfSecret`, for one that is encrypted in the backup. */
export function noteOfSealedSecret(secret: {
  readonly folder: string;
  readonly source: string;
  readonly name: string;
}): SecretNote | undefined {
  return HELM_RELEASE.test(secret.name) ? undefined : { ...secret, content: undefined, value: "encrypted" };
}
