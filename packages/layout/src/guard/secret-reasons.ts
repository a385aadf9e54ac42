import type { BlockedObject } from "@kubeferry/model";

/** Why an object is blocked that holds what is a Secret's. */
export const HOLDS_SECRET = "it holds the value of a Secret in clear text";

/** How the reason begins of an object that holds what has the form of a credential, or did in the cluster. */
export const LOOKS_LIKE_CREDENTIAL = "it looks like it holds a credential";

/** Whether an object is kept out of Git for what is secret in it, and not for what Git cannot carry. */
export function isSecretBlocked({ reason }: BlockedObject): boolean {
  return reason.includes(HOLDS_SECRET) || reason.includes(LOOKS_LIKE_CREDENTIAL);
}
