import { type Failure, type KubeferryError, typeName } from "@kubeferry/model";
import type { PlanEntry } from "../restore-plan.ts";
import { objectName } from "./steps.ts";

/** What became of one object. */
export type Outcome =
  | { readonly kind: "created" | "updated" | "replaced" | "removed"; readonly warnings?: readonly string[] }
  /** It is what it should be: it was when the plan was made, or an earlier run of the same plan made it so. */
  | { readonly kind: "unchanged" }
  /** The plan does not write it. */
  | { readonly kind: "skipped" | "blocked"; readonly reason: string }
  /** It is not what the plan saw any more. */
  | { readonly kind: "changed"; readonly reason: string }
  | { readonly kind: "failed"; readonly failure: Omit<Failure, "target"> };

/** What a run has done so far, and what cannot be done any more because of it. */
export interface Ledger {
  note(entry: PlanEntry, outcome: Outcome): void;
  /** Whether it has failed or is blocked. */
  hasFailed(entry: PlanEntry): boolean;
  /** Of what an entry needs and what failed: why it is not tried. */
  missingFor(entry: PlanEntry): string | undefined;
  /** Counts by kind. */
  readonly counts: Readonly<Record<Outcome["kind"], number>>;
  readonly failures: readonly Failure[];
  /** What stays as it is in the target, or is not in it, without being a failure. */
  readonly notWritten: readonly { readonly object: string; readonly reason: string }[];
  readonly warnings: readonly string[];
}

const NAMESPACES = "namespaces";
const DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";

/** Opens an empty one. */
export function createLedger(): Ledger {
  const counts = {
    created: 0,
    updated: 0,
    replaced: 0,
    removed: 0,
    unchanged: 0,
    skipped: 0,
    blocked: 0,
    changed: 0,
    failed: 0,
  };
  const failures: Failure[] = [];
  const notWritten: { object: string; reason: string }[] = [];
  const warnings: string[] = [];
  /** Names of objects, as reports have them, that are not there as others need them. */
  const missing = new Set<string>();

  return {
    counts,
    failures,
    notWritten,
    warnings,
    note(entry, outcome) {
      const object = objectName(entry.object);
      counts[outcome.kind]++;
      if (outcome.kind === "failed") {
        failures.push({ target: object, ...outcome.failure });
        missing.add(object);
        const { namespace } = entry.object;
        if (outcome.failure.kind === "terminating" && namespace !== undefined)
          missing.add(`${NAMESPACES}/${namespace}`);
      } else if ("reason" in outcome) {
        notWritten.push({ object, reason: outcome.reason });
        // What is there and stays as it is still serves those that need it.
        if (outcome.kind === "blocked" && entry.live === undefined) missing.add(object);
      } else if ("warnings" in outcome) {
        warnings.push(...(outcome.warnings ?? []).map((warning) => `${object}: ${warning}`));
      }
    },
    hasFailed: ({ object }) => missing.has(objectName(object)),
    missingFor({ object, owners = [] }) {
      const needed = [
        ...(object.namespace === undefined ? [] : [`${NAMESPACES}/${object.namespace}`]),
        `${DEFINITIONS}/${typeName(object)}`,
        ...owners.map((owner) => objectName(owner.object)),
      ];
      return needed.find((name) => missing.has(name));
    },
  };
}

/** What a failure is in a report: its message says what to do next. */
export function failureOf(error: KubeferryError): Omit<Failure, "target"> {
  return { kind: error.kind, message: error.message };
}
