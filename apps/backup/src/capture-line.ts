import { withholdSecret } from "@kubeferry/clean";
import { type ResourceType, type SecretsMode, typeName } from "@kubeferry/model";
import { type CapturedObject, CREDENTIAL_FORMS } from "@kubeferry/snapshot";

/**
 * What of an object goes into the segment. Every byte as the API server sent it, with one exception that the manifest
 * names: the values of Secrets when they are withheld.
 */
export function capturedAs(type: ResourceType, object: CapturedObject, secrets: SecretsMode): CapturedObject {
  if (secrets !== "withhold" || typeName(type) !== "secrets") return object;
  return { ...object, line: withholdSecret(object.line) };
}

/** Names all that shapes captured bytes: segments of a parent with another fingerprint are not named again. */
export function captureFingerprint(secrets: SecretsMode): string {
  return `lines-1 secrets-${secrets} ${CREDENTIAL_FORMS}`;
}
