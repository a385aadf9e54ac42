import { type Cleaner, isWithheld, kustomizeRefusal } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, parseJson, splitObjectKey } from "@kubeferry/model";
import { isSecrets, type SnapshotObject } from "@kubeferry/snapshot";
import { RecoveryError } from "../recovery-error.ts";
import { clusterMade, neverRestored } from "../restore/desired/cluster-made.ts";

/** An object that the kustomization does not carry, and why. */
export interface NotExported {
  /** "configmaps shop/web" */
  readonly object: string;
  readonly reason: string;
}

/** What becomes of one object in an export. */
export type ExportedView =
  | { readonly kind: "object"; readonly object: JsonObject; readonly secret: boolean }
  | { readonly kind: "beside"; readonly object: JsonObject; readonly secret: boolean; readonly reason: string }
  /** `keys` is undefined where the object cannot be read. */
  | { readonly kind: "secret"; readonly keys: readonly string[] | undefined; readonly reason: string }
  | { readonly kind: "left-out"; readonly reason: string };

/**
 * Decides about one object. A withheld Secret is never written, whatever was asked: an empty value that is applied
 * destroys the one that is there.
 * @throws RecoveryError "damaged" for a line that is no JSON object
 */
export function viewForExport(
  object: SnapshotObject,
  { cleaner, secrets }: { readonly cleaner: Cleaner; readonly secrets: "list" | "include" },
): ExportedView {
  if (!object.readable) {
    return { kind: "secret", keys: undefined, reason: "encrypted, and no configured identity opens it" };
  }
  const live = objectOf(object);
  const dropped = cleaner.dropReason(live, object.type);
  if (dropped !== undefined) return { kind: "left-out", reason: dropped.rule };
  const made = madeByCluster(object, live);
  if (made !== undefined) return { kind: "left-out", reason: made };
  const view = cleaner.clean(live, object.type).object;
  if (isWithheld(live)) return { kind: "secret", keys: keysOf(view), reason: "its values are not in this backup" };
  const secret = object.wasSealed || isSecrets(object.type);
  if (secret && secrets === "list") {
    return { kind: "secret", keys: keysOf(view), reason: "not asked for: --secrets include writes it" };
  }
  const refusal = kustomizeRefusal(view);
  return refusal === undefined
    ? { kind: "object", object: view, secret }
    : { kind: "beside", object: view, secret, reason: refusal };
}

/** The same answer as a restore's: applied elsewhere, these would overwrite what that cluster's own API server wrote. */
function madeByCluster({ type, key }: SnapshotObject, live: JsonObject): string | undefined {
  const { namespace, name } = splitObjectKey(key, type.namespaced);
  return neverRestored(type) ?? clusterMade(type, namespace, name, live);
}

function objectOf({ line, type, key }: SnapshotObject & { readonly readable: true }): JsonObject {
  const value = parseJson(line.toString("utf8"));
  if (isJsonObject(value)) return value;
  throw new RecoveryError({
    kind: "damaged",
    who: "export",
    operation: `read ${type.resource} ${key}`,
    problem: "it is no JSON object",
    next: "`kubeferry snapshots verify` says what else is not as it was written",
  });
}

function keysOf({ data }: JsonObject): readonly string[] {
  return isJsonObject(data) ? Object.keys(data).sort() : [];
}
