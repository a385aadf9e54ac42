import { type SecretsMode, typeName } from "@kubeferry/model";
import type { Protection, Snapshot } from "@kubeferry/snapshot";
import { RecoveryError } from "../recovery-error.ts";

/**
 * Decides how Secrets are held in the copy: as in the original, and better where clear values meet recipients. Nothing
 * that was encrypted becomes clear, and no value is left out without a word.
 * @throws RecoveryError "config" naming the setting that is missing
 */
export function secretsIn(
  snapshot: Snapshot,
  { protection, secrets }: { readonly protection: Protection; readonly secrets: SecretsMode },
): SecretsMode {
  const { manifest } = snapshot;
  const closed = manifest.types.filter(({ segments }) => segments.some((segment) => !snapshot.isReadable(segment)));
  if (closed.length > 0) {
    const next = "add the identity that opens it to encryption.identities of the configuration of --from";
    throw refused(snapshot, `${closed.map(typeName).join(", ")}: encrypted, and no identity there opens it`, next);
  }
  const hasSealed = manifest.types.some(({ segments }) => segments.some(({ sealed }) => sealed !== undefined));
  if (hasSealed && protection.sealer === undefined) {
    const next = "set encryption.recipients of this configuration";
    throw refused(snapshot, "it is encrypted, and here there is nobody to encrypt it to", next);
  }
  if (manifest.secrets !== "plain") return manifest.secrets;
  if (protection.sealer !== undefined && secrets !== "plain") return "encrypt";
  if (secrets === "plain") return "plain";
  const next = "set encryption.recipients of this configuration, or backup.secrets: plain";
  throw refused(snapshot, "it holds values of Secrets in clear, which this configuration does not want", next);
}

function refused({ key, manifest }: Snapshot, problem: string, next: string): RecoveryError {
  const operation = `import ${key} of series ${manifest.series}`;
  return new RecoveryError({ kind: "config", who: "import", operation, problem, next });
}
