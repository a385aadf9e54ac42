import type { BlockedObject } from "./report.ts";

/** Something that validation says of an object. Holds names, types and numbers, and never a field's value. */
export interface ValidationFinding {
  /** "error": the object stays out of Git, or out of `environments`. "warning": it is written all the same. */
  readonly severity: "error" | "warning";
  /** "nesting", "unknown-field", "policy/few-replicas". */
  readonly rule: string;
  /** "Deployment shop/web"; a type or a cluster where it is about one of these. */
  readonly object: string;
  /** JSON pointer of the field; absent where it is about the object as a whole. */
  readonly field?: string;
  readonly message: string;
  /** Absent: every environment that the object is in. */
  readonly environments?: readonly string[];
}

/** What validation found in one run. */
export interface ValidationSummary {
  readonly errors: number;
  readonly warnings: number;
  /** Errors first, then in the order they were found; of one rule only the first few hundred. */
  readonly findings: readonly ValidationFinding[];
}

/** What `kubeferry gitops validate` found. */
export interface ValidationReport {
  readonly stage: "validate";
  /** "partial": there are errors. "failed": it could not run. */
  readonly status: "complete" | "partial" | "failed";
  /** Keys of the manifests that were read. */
  readonly snapshot: string;
  /** Objects that were looked at. */
  readonly objects: number;
  readonly validation: ValidationSummary;
  /** Everything that would not be in Git, for these and all other reasons. */
  readonly blocked: readonly BlockedObject[];
}
