import type { GitOpsConfig } from "@kubeferry/shared-config";
import { readCertificate } from "./certificate.ts";
import { createExternalSecretWriter } from "./external-secret.ts";
import { createSealedSecretWriter } from "./sealed-secret.ts";
import type { SecretWriter } from "./secret-writer.ts";

/**
 * The writer of the configured mode.
 * @param now decides whether a certificate has expired
 * @returns undefined with `omit`: Git holds names only
 * @throws GitOpsError "config" for a recipient or certificate that is none
 */
export async function createSecretWriter(
  { mode, externalSecret, sops, sealedSecret }: GitOpsConfig["secrets"],
  now: Date,
): Promise<SecretWriter | undefined> {
  if (mode === "external-secret" && externalSecret !== undefined) return createExternalSecretWriter(externalSecret);
  // The age library is loaded by those who need it.
  if (mode === "sops" && sops !== undefined) return (await import("./sops-secret.ts")).createSopsWriter(sops);
  if (mode === "sealed-secret" && sealedSecret !== undefined) {
    return createSealedSecretWriter(await readCertificate(sealedSecret.certificateFile, now));
  }
  return undefined;
}
