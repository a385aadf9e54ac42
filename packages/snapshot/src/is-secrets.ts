import { type ResourceType, typeName } from "@kubeferry/model";

/** Types whose objects are credentials as a whole. OpenShift keeps tokens, and the clients' own secrets, as objects. */
const SECRET_TYPES: ReadonlySet<string> = new Set([
  "secrets",
  "oauthaccesstokens.oauth.openshift.io",
  "oauthauthorizetokens.oauth.openshift.io",
  "oauthclients.oauth.openshift.io",
  "useroauthaccesstokens.oauth.openshift.io",
]);

/** True for these types: encrypted where there are recipients, without a digest, in the mirror only in mode "plain". */
export function isSecrets(type: Pick<ResourceType, "group" | "resource">): boolean {
  return SECRET_TYPES.has(typeName(type));
}
