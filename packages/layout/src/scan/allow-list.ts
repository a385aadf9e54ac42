import type { GitOpsConfig } from "@kubeferry/shared-config";
import type { Findings } from "../findings.ts";
import { type GitRef, refTitle } from "../git-ref.ts";
import { matchesGlob } from "../select/namespace-scope.ts";
import type { ScanFinding } from "./scan-object.ts";

/** What may be in Git although it looks like a credential, `gitops.scan.allow`. */
export interface AllowList {
  /** Whether any entry is about an object. */
  knows(ref: GitRef): boolean;
  /** The findings that no entry allows; what one allows is noted with its reason. */
  notAllowed(ref: GitRef, found: readonly ScanFinding[], findings: Findings): readonly ScanFinding[];
  /** Entries that allowed nothing: their object is gone, or its name is mistyped. */
  warnOfIdle(findings: Findings): void;
}

/** Reads the entries once. */
export function createAllowList(entries: GitOpsConfig["scan"]["allow"]): AllowList {
  const used = new Set<number>();
  const fits = (index: number, ref: GitRef) => matchesGlob(refTitle(ref), entries[index]?.object ?? "");
  return {
    knows(ref) {
      const known = [...entries.keys()].filter((index) => fits(index, ref));
      return known.length > 0;
    },
    notAllowed(ref, found, findings) {
      return found.filter(({ field }) => {
        const index = entries.findIndex((entry, at) => fits(at, ref) && coversField(entry.field, field));
        const entry = entries[index];
        if (entry === undefined) return true;
        used.add(index);
        findings.allow({ object: refTitle(ref), field, reason: entry.reason });
        return false;
      });
    },
    warnOfIdle(findings) {
      for (const [index, { object, field }] of entries.entries()) {
        if (used.has(index)) continue;
        const what = field === undefined ? object : `${object} ${field}`;
        findings.warn(
          `gitops.scan.allow: "${what}" allows nothing: no such object, or nothing in it looks like a credential`,
        );
      }
    },
  };
}

/** An entry without a field covers the object; one with a field also what is below it. */
function coversField(allowed: string | undefined, field: string): boolean {
  if (allowed === undefined) return true;
  const wanted = allowed.split("/");
  const steps = field.split("/");
  return wanted.every((step, index) => step === steps[index] || (step === "*" && steps[index] !== undefined));
}
