import { KubeferryError } from "@kubeferry/model";

/**
 * "config": what was asked for contradicts itself or names nothing. "no-snapshot": none as old as was asked for.
 * "damaged": the snapshot cannot be believed; nothing was written. "wrong-target": the cluster is another one than the
 * plan was made for. "stale-plan": the plan no longer holds. "conflict": something is there and differs, and the policy
 * is to stop. "too-many-removals": more would be removed than is allowed. "incomparable": one side could not be read.
 * "unwritable": the disk did not take what was to be written.
 */
export type RecoveryErrorKind =
  | "config"
  | "no-snapshot"
  | "damaged"
  | "wrong-target"
  | "stale-plan"
  | "conflict"
  | "too-many-removals"
  | "incomparable"
  | "unwritable";

/** Why nothing could be brought back or compared. */
export class RecoveryError extends KubeferryError<RecoveryErrorKind> {}
