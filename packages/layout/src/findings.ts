import type { BlockedObject, ValidationFinding, ValidationSummary } from "@kubeferry/model";
import { type GitRef, refTitle } from "./git-ref.ts";
import { createValidationResults } from "./validate/validation-results.ts";

/** A Secret that the repository's users have to provide: names only, never a value. */
export interface SecretNote {
  readonly folder: string;
  readonly source: string;
  readonly name: string;
  /** Undefined while the Secret is encrypted in the backup: then only its name is known. */
  readonly content: { readonly type: string; readonly keys: readonly string[] } | undefined;
  /** What the backup has of its values. */
  readonly value: "present" | "withheld" | "encrypted" | "empty";
  /** Why the configured mode did not put it into Git although it could be read. */
  readonly reason?: string;
}

/** What is in Git although it looks like a credential. */
interface AllowedFinding {
  /** "ConfigMap shop/settings". */
  readonly object: string;
  /** JSON pointer. */
  readonly field: string;
  readonly reason: string;
}

/** What a run saw and did not put into Git, on its way to the report and the request's text. */
export interface Findings {
  block(ref: GitRef, reason: string): void;
  /** An object left out by a rule: "Helm", "finished Job". */
  leaveOut(folder: string, reason: string, ref: GitRef): void;
  /** Something that no object could be read from: "file shop/web.yaml". */
  refuse(what: string, reason: string): void;
  take(folder: string): void;
  noteSecret(note: SecretNote): void;
  /** Something that looks like a credential and is let in; noted once, whatever many environments have it. */
  allow(allowed: AllowedFinding): void;
  warn(text: string): void;
  /** What validation has to say; `environments` are those it counts for. */
  report(finding: ValidationFinding, environments: readonly string[]): void;
  readonly blocked: readonly BlockedObject[];
  readonly secrets: readonly SecretNote[];
  readonly allowed: readonly AllowedFinding[];
  readonly warnings: readonly string[];
  readonly validation: ValidationSummary;
  /** Folder → reason → objects. */
  readonly leftOut: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Folder → objects adopted. */
  readonly taken: ReadonlyMap<string, number>;
}

/**
 * Findings of a run that has just begun.
 * @param environments every configured one
 * @param onLeftOut told of each object that a rule leaves out; only their number is kept, since most of a cluster can be
 */
export function createFindings(
  environments: readonly string[] = [],
  onLeftOut: Findings["leaveOut"] = () => undefined,
): Findings {
  const blocked = new Map<string, BlockedObject>();
  const secrets: SecretNote[] = [];
  const allowed = new Map<string, AllowedFinding>();
  const warnings: string[] = [];
  const validation = createValidationResults(environments);
  const leftOut = new Map<string, Map<string, number>>();
  const taken = new Map<string, number>();
  return {
    refuse: (object, reason) => void blocked.set(`${object} ${reason}`, { object, reason }),
    block(ref, reason) {
      const object = refTitle(ref);
      blocked.set(`${object} ${reason}`, { object, reason });
    },
    leaveOut(folder, reason, ref) {
      onLeftOut(folder, reason, ref);
      const counts = leftOut.get(folder) ?? new Map<string, number>();
      leftOut.set(folder, counts);
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
    },
    take: (folder) => void taken.set(folder, (taken.get(folder) ?? 0) + 1),
    noteSecret: (note) => void secrets.push(note),
    allow: (each) => void allowed.set(`${each.object} ${each.field}`, each),
    get allowed() {
      return [...allowed.values()];
    },
    warn: (text) => void warnings.push(text),
    report: validation.add,
    get blocked() {
      return [...blocked.values()];
    },
    secrets,
    warnings,
    get validation() {
      return validation.summary;
    },
    leftOut,
    taken,
  };
}
