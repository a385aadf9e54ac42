import type { FieldChange } from "../compare/field-change.ts";
import type { ComparedType } from "../sides/side.ts";

/** One object that is not the same on both sides. */
export interface ObjectDifference {
  readonly type: ComparedType;
  /** Absent for cluster-scoped objects. */
  readonly namespace?: string;
  readonly name: string;
  /** "added": only the second side has it. */
  readonly change: "added" | "removed" | "changed";
  /** Of a changed object; empty where it is encrypted and cannot be opened. */
  readonly fields: readonly FieldChange[];
  /** It is encrypted, and no identity is there to open it: that it differs is known, in what is not. */
  readonly encrypted?: true;
  /** In one and the same cluster it is another object of the same name: it was deleted and made again. */
  readonly recreated?: true;
  /** What differs as text, where that was asked for: the hunks of a unified diff. */
  readonly unified?: string;
}

/** Something that was not compared, and why. */
export interface NotCompared {
  /** "deployments.apps" */
  readonly resource: string;
  /** "left-out": one side is not meant to know it. "unread": it should be known and is not. */
  readonly because: "left-out" | "unread";
  readonly reason: string;
}

/** What a comparison comes to. */
export interface DiffReport {
  /** What was compared, for people. */
  readonly before: string;
  readonly after: string;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly notCompared: readonly NotCompared[];
  /** Objects that are nobody's content (made by the cluster, or by another one's controller), or new ones of equal content. By the reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}
