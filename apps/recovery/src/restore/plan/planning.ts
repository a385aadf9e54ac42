import type { Cleaner } from "@kubeferry/clean";
import type { KubeWriter } from "@kubeferry/kube";
import { type JsonObject, typeName } from "@kubeferry/model";
import type { TypeSchemas } from "../../compare/schema/type-schemas.ts";
import type { WantedObject } from "../desired/desired-object.ts";
import type { Obstacle, PlanEntry, RestoreSettings } from "../restore-plan.ts";
import type { Candidate } from "./candidate.ts";
import type { Relations } from "./relations.ts";
import type { TargetFacts } from "./target-facts.ts";
import type { TargetLookups } from "./target-reader.ts";

/** What every object is held against. */
export interface PlanningOptions {
  readonly settings: Pick<RestoreSettings, "conflicts" | "argoManaged">;
  readonly writer: KubeWriter;
  readonly facts: TargetFacts;
  readonly relations: Relations;
  /** API groups that the target serves or the plan brings. */
  readonly groups: ReadonlySet<string>;
  readonly lookups: TargetLookups;
  readonly cleaner: Cleaner;
  /** Read when two versions of an object are first compared. */
  readonly schemas: () => Promise<TypeSchemas>;
}

/** One object on its way into a plan. */
export interface Planned {
  readonly candidate: Candidate;
  readonly wanted: WantedObject;
  /** What would be written. */
  readonly object: JsonObject;
  /** What is known of it whatever becomes of it. */
  readonly base: Base;
  readonly wasSealed: boolean;
  readonly notes: readonly string[];
}

/** An entry as far as the target does not matter. */
export type Base = Omit<PlanEntry, "action" | "changes" | "checked" | "reason" | "obstacle" | "live">;

/** What becomes of an object, by one state of what is in the target under its name. */
export interface Verdict {
  readonly entry: PlanEntry;
  /** False where the API server may have been asked about another state by now than the one that the entry is made by. */
  readonly certain: boolean;
}

/** An entry for what is not written. */
export function blocked(base: Base, obstacle: Obstacle, reason: string): PlanEntry {
  return { ...base, action: "blocked", obstacle, reason, changes: [], checked: "not-needed" };
}

/** One sentence of several; none of none. */
export function reasonOf(reasons: readonly string[]): { readonly reason?: string } {
  return reasons.length === 0 ? {} : { reason: reasons.join("; ") };
}

/** True for a PersistentVolumeClaim. */
export function isClaim({ object }: Base): boolean {
  return typeName(object) === "persistentvolumeclaims";
}

/** True for a PersistentVolume. */
export function isVolume({ object }: Base): boolean {
  return typeName(object) === "persistentvolumes";
}
