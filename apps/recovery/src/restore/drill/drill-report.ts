import type { RestoreReport } from "@kubeferry/model";
import type { FieldChange } from "../../compare/field-change.ts";

/** What a drill found. */
export interface DrillReport {
  readonly stage: "restore-drill";
  /** "partial": something that is meant was not brought back, differs, or could not be removed again. */
  readonly status: "complete" | "partial";
  readonly run: string;
  readonly source: RestoreReport["source"];
  readonly target: string;
  /** The namespaces of the snapshot and what they were called, in the order of their names. */
  readonly namespaces: readonly { readonly from: string; readonly to: string }[];
  /** From the end of the snapshot to the start of the drill: what would be lost (RPO). */
  readonly ageSeconds: number;
  /** From the start of the drill until everything was there, or had failed (RTO). */
  readonly restoreSeconds: number;
  /** All objects that are meant; each of the others is one of them. */
  readonly objects: {
    readonly meant: number;
    /** Read back, and as they are meant to be. */
    readonly asMeant: number;
    readonly different: number;
    /** In no backup of this kind: Secrets whose values are withheld. They are no failure of the drill. */
    readonly withheld: number;
    /** Those not written for any other reason. */
    readonly failed: number;
    /** Definitions and namespaces that the target has; they were not touched. */
    readonly there: number;
  };
  readonly differences: readonly DrillDifference[];
  readonly failures: readonly { readonly object: string; readonly reason: string }[];
  readonly withheld: readonly string[];
  /** What is no part of a drill, each sentence with its reason. */
  readonly leftOut: readonly string[];
  /** What to know although nothing failed. */
  readonly warnings: readonly string[];
  readonly cleanup: DrillCleanup;
}

/** One object that is not as it was meant to be. */
export interface DrillDifference {
  /** "configmaps/drill-shop/settings" */
  readonly object: string;
  /** True: it was written, and is not there. */
  readonly missing: boolean;
  /** From what was meant to what stands there. Of a Secret no value. */
  readonly changes: readonly FieldChange[];
}

/** What became of what the drill made. */
export interface DrillCleanup {
  readonly kept: boolean;
  /** "namespaces/drill-shop" */
  readonly removed: readonly string[];
  /** Still there although it was to be removed. */
  readonly left: readonly { readonly object: string; readonly because: string }[];
  /** Removes what is still there. */
  readonly command?: string;
}
