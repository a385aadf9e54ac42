import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import { type CleanSecret, STAND_IN_ANNOTATIONS } from "./clean-secret.ts";
import type { SecretPlace, SecretWriter } from "./secret-writer.ts";

/** `gitops.secrets.externalSecret`. */
export type ExternalSecretSettings = NonNullable<GitOpsConfig["secrets"]["externalSecret"]>;

const KINDS = { clustersecretstore: "ClusterSecretStore", secretstore: "SecretStore" } as const;

/**
 * Git holds an ExternalSecret: where each value is to be found, by the name of its key. It needs no value, so it is
 * written from backups that have none as well.
 */
export function createExternalSecretWriter(settings: ExternalSecretSettings): SecretWriter {
  return {
    needsValues: false,
    random: false,
    recipe: "external-secret",
    warnings: [],
    distinguish: (place) => `${place.namespace} ${remoteKey(settings.key, "{name}", place)}`,
    write: async (secret, place) => ({
      ref: {
        group: "external-secrets.io",
        resource: "externalsecrets",
        kind: "ExternalSecret",
        namespace: secret.namespace,
        name: secret.name,
      },
      text: emitYaml(externalSecret(secret, settings, place)),
    }),
  };
}

/** What the API fills in. Written out, because Argo CD compares the list as a whole. */
const DEFAULTS = { conversionStrategy: "Default", decodingStrategy: "None", metadataPolicy: "None" } as const;

// The Secret is neither owned nor deleted by External Secrets: it was there before, and has to outlive a mistake.
function externalSecret(secret: CleanSecret, settings: ExternalSecretSettings, place: SecretPlace): JsonObject {
  const key = remoteKey(settings.key, secret.name, place);
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: secret.name, namespace: place.namespace, annotations: { ...STAND_IN_ANNOTATIONS } },
    spec: {
      refreshInterval: settings.refreshInterval,
      secretStoreRef: { kind: KINDS[settings.storeKind], name: settings.store },
      target: {
        name: secret.name,
        creationPolicy: "Merge",
        deletionPolicy: "Retain",
        // Without a template External Secrets would copy our annotations to the Secret.
        template: { engineVersion: "v2", mergePolicy: "Replace", type: secret.type },
      },
      data: Object.keys(secret.data).map((property) => ({
        secretKey: property,
        remoteRef: { key, property, ...DEFAULTS },
      })),
    },
  };
}

function remoteKey(template: string, name: string, place: SecretPlace): string {
  const values: Readonly<Record<string, string>> = { ...place, name };
  return template.replace(
    /\{(cluster|domain|namespace|environment|name)\}/g,
    (_all, word: string) => values[word] ?? "",
  );
}
