/** Which snapshots stay; a count that is left out keeps none, and without any of them everything stays. */
export interface RetentionPolicy {
  readonly keepLast?: number;
  readonly hourly?: number;
  readonly daily?: number;
  readonly weekly?: number;
  readonly monthly?: number;
  /** Counted back from the end of the newest snapshot, or from now by the store's clock where that is earlier. */
  readonly withinMs?: number;
}
