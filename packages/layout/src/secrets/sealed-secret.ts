import { Buffer } from "node:buffer";
import { constants, createCipheriv, publicEncrypt, randomBytes } from "node:crypto";
import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import type { SealingCertificate } from "./certificate.ts";
import { type CleanSecret, STAND_IN_ANNOTATIONS } from "./clean-secret.ts";
import type { SecretWriter } from "./secret-writer.ts";

/** The annotation without which the controller does not take over a Secret that is there already. */
export const MANAGED_ANNOTATION = "sealedsecrets.bitnami.com/managed";

/**
 * Git holds a SealedSecret of strict scope: only the holder of the controller's private key opens it, and only under
 * this name in this namespace.
 */
export function createSealedSecretWriter(certificate: SealingCertificate): SecretWriter {
  return {
    needsValues: true,
    random: true,
    recipe: `sealed-secret ${certificate.fingerprint}`,
    warnings: certificate.warning === undefined ? [] : [certificate.warning],
    distinguish: ({ namespace }) => namespace,
    write: async (secret, { namespace }) => ({
      ref: {
        group: "bitnami.com",
        resource: "sealedsecrets",
        kind: "SealedSecret",
        namespace: secret.namespace,
        name: secret.name,
      },
      text: emitYaml(sealedSecret(secret, namespace, certificate)),
    }),
  };
}

function sealedSecret(secret: CleanSecret, namespace: string, certificate: SealingCertificate): JsonObject {
  const { name, type, immutable, labels, annotations } = secret;
  const label = `${namespace}/${name}`;
  const sealed = Object.entries(secret.data).map(([key, value]) => [
    key,
    seal(Buffer.from(value, "base64"), label, certificate).toString("base64"),
  ]);
  return {
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: { name, namespace, annotations: { ...STAND_IN_ANNOTATIONS } },
    spec: {
      encryptedData: Object.fromEntries(sealed) as JsonObject,
      template: {
        type,
        ...(immutable ? { immutable } : {}),
        metadata: {
          name,
          namespace,
          ...(Object.keys(labels).length === 0 ? {} : { labels: { ...labels } }),
          annotations: { ...annotations, [MANAGED_ANNOTATION]: "true" },
        },
      },
    },
  };
}

/**
 * The controller's format: length of the RSA part in 2 bytes, a fresh key by RSA-OAEP (SHA-256) with the label, the
 * value by AES-256-GCM under that key. The nonce is zero, since each key is used once.
 */
function seal(value: Buffer, label: string, { publicKey }: SealingCertificate): Buffer {
  const key = randomBytes(32);
  const padding = constants.RSA_PKCS1_OAEP_PADDING;
  const wrapped = publicEncrypt(
    { key: publicKey, padding, oaepHash: "sha256", oaepLabel: Buffer.from(label, "utf8") },
    key,
  );
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12));
  const length = Buffer.alloc(2);
  length.writeUInt16BE(wrapped.length);
  return Buffer.concat([length, wrapped, cipher.update(value), cipher.final(), cipher.getAuthTag()]);
}
