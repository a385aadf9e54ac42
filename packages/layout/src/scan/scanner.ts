import type { Buffer } from "node:buffer";
import type { JsonObject } from "@kubeferry/model";
import type { GitOpsConfig } from "@kubeferry/shared-config";
import type { Findings } from "../findings.ts";
import type { GitRef } from "../git-ref.ts";
import { LOOKS_LIKE_CREDENTIAL } from "../guard/secret-reasons.ts";
import { createAllowList } from "./allow-list.ts";
import { type ScanFinding, scanObject } from "./scan-object.ts";

/** Looks for credentials in what is about to be in Git. */
export interface Scanner {
  /** Why an object must stay out, by the names of its fields; undefined when nothing in it looks like a credential. */
  refusalOf(object: JsonObject, ref: GitRef, findings: Findings, yaml?: Buffer): string | undefined;
  /** Whether the configuration says anything about an object. */
  knows(ref: GitRef): boolean;
  warnOfIdle(findings: Findings): void;
}

const SHOWN = 3;

/** A scanner with what `gitops.scan` allows. */
export function createScanner({ allow }: GitOpsConfig["scan"]): Scanner {
  const allowed = createAllowList(allow);
  return {
    refusalOf(object, ref, findings, yaml) {
      const found = allowed.notAllowed(ref, scanObject(object, ref.group, yaml), findings);
      return found.length === 0 ? undefined : refusal(found);
    },
    knows: (ref) => allowed.knows(ref),
    warnOfIdle: (findings) => allowed.warnOfIdle(findings),
  };
}

function refusal(found: readonly ScanFinding[]): string {
  const shown = found.slice(0, SHOWN).map(({ field, what }) => (field === "" ? what : `${field} (${what})`));
  const more = found.length > SHOWN ? ` and ${found.length - SHOWN} more` : "";
  return `${LOOKS_LIKE_CREDENTIAL}: ${shown.join(", ")}${more}; gitops.scan.allow lets it in, with a reason`;
}
