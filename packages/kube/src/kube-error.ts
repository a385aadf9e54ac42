import { KubeferryError } from "@kubeferry/model";

/** "unordered": a list's items did not come in key order; list again with a map. */
export type KubeErrorKind =
  | "config"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "expired"
  | "rate-limited"
  | "unavailable"
  | "unordered"
  | "invalid";

/** What a cluster's API answers when it does not do what was asked. */
export class KubeError extends KubeferryError<KubeErrorKind> {}
