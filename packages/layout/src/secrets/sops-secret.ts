import type { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { armor, Encrypter } from "age-encryption";
import { GitOpsError } from "../gitops-error.ts";
import type { CleanSecret } from "./clean-secret.ts";
import type { SecretWriter } from "./secret-writer.ts";
import { type SopsRecipient, sopsFile } from "./sops-file.ts";

/** What Argo CD is told about a Secret of ours, by whichever plugin it gets it. */
const SYNC_OPTIONS = { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" };

/**
 * Git holds the Secret itself, its values encrypted as sops does it. The file lies beside what is built: only whoever
 * holds an identity can make a Secret of it.
 * @throws GitOpsError "config" for what is no age recipient
 */
export function createSopsWriter(settings: { readonly recipients: readonly string[] }): SecretWriter {
  const recipients = [...new Set(settings.recipients)].sort();
  const wrapping = recipients.map(recipientOf);
  return {
    needsValues: true,
    random: true,
    recipe: `sops ${recipients.join(" ")}`,
    warnings: [],
    distinguish: ({ namespace }) => namespace,
    async write(secret, { namespace, takenAt }) {
      const file = await sopsFile(plainSecret(secret, namespace), wrapping, takenAt);
      return {
        ref: { group: "", resource: "secrets", kind: "Secret", namespace: secret.namespace, name: secret.name },
        text: emitYaml(file),
      };
    },
  };
}

function recipientOf(recipient: string, index: number): SopsRecipient {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch {
    throw new GitOpsError({
      kind: "config",
      who: "gitops",
      operation: `read gitops.secrets.sops.recipients.${index}`,
      problem: "it is not an age recipient",
      next: "write what `age-keygen -y` prints",
    });
  }
  return { recipient, wrap: async (dataKey: Buffer) => armor.encode(await encrypter.encrypt(dataKey)) };
}

function plainSecret(secret: CleanSecret, namespace: string): JsonObject {
  const { name, type, immutable, labels, annotations, data } = secret;
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name,
      namespace,
      ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
      annotations: { ...annotations, ...SYNC_OPTIONS },
    },
    type,
    ...(immutable ? { immutable } : {}),
    data: { ...data },
  };
}
