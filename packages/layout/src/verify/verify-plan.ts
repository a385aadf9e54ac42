import type { Call, OverlayDifference, OverlayVerification, UnverifiedOverlay } from "@kubeferry/model";
import pMap from "p-map";
import { ARGOCD_FOLDER } from "../catalog.ts";
import { OverlayDifferenceError } from "../gitops-error.ts";
import type { Plan } from "../plan/plan.ts";
import { type Tip, tipFolder } from "../repository/read-tip.ts";
import { type PlannedOverlay, type VerifyingWith, verifyOverlay } from "./verify-overlay.ts";

/** A build holds the text of a whole overlay, and kustomize several times that. */
const BUILT_AT_ONCE = 2;

/** What is held of differences, when nothing is as it is to be. */
const MOST_DIFFERENCES = 100;

/**
 * Builds every overlay that a plan writes or leaves as it wrote it, from the bytes that will be there once the plan is
 * merged, and compares each object with what the environment is to have. The folder of Argo CD's own files is no overlay.
 * @returns what was compared, and what could not be
 * @throws OverlayDifferenceError where an overlay differs or cannot be built
 */
export async function verifyPlan(
  { plan, tip }: { readonly plan: Plan; readonly tip: Tip },
  using: VerifyingWith,
  call: Call,
): Promise<OverlayVerification> {
  const overlays = plan.folders.flatMap(({ folder, wanted, intended }): PlannedOverlay[] => {
    if (wanted === undefined || intended === undefined) return [];
    const there = tipFolder(tip, folder);
    return intended.environments.map((environment) => ({ folder, environment, wanted, intended, there }));
  });
  const verdicts = await pMap(overlays, (overlay) => verifyOverlay(overlay, using, call), {
    concurrency: BUILT_AT_ONCE,
    signal: call.signal,
  });
  const compared = verdicts.filter((verdict) => verdict.state === "compared");
  const beyond = verdicts.flatMap((verdict) => (verdict.state === "not-verified" ? [verdict.overlay] : []));
  const differences = compared.flatMap((verdict) => verdict.differences);
  const verification: OverlayVerification = {
    by: using.builder.by,
    overlays: compared.length,
    objects: compared.reduce((sum, { objects }) => sum + objects, 0),
    differing: differences.length,
    differences: differences.slice(0, MOST_DIFFERENCES),
    notVerified: [...beyond, ...leftAlone(plan, tip)],
  };
  if (differences.length > 0) throw different(verification);
  return verification;
}

/** Folders that hold overlays of ours, and that the run does not touch. */
function leftAlone({ folders }: Plan, tip: Tip): readonly UnverifiedOverlay[] {
  return folders.flatMap(({ folder, wanted }): UnverifiedOverlay[] => {
    if (wanted !== undefined || folder === ARGOCD_FOLDER || tipFolder(tip, folder).digests.size === 0) return [];
    return [{ overlay: folder, because: "left-alone", reason: "this run leaves the folder as it is" }];
  });
}

/** Names a few: the report has more. */
const MOST_SHOWN = 5;

function different(verification: OverlayVerification): OverlayDifferenceError {
  const { by, differing, differences } = verification;
  const shown = differences.slice(0, MOST_SHOWN).map(inWords);
  const more = differing - shown.length;
  const all = more === 0 ? shown : [...shown, `and ${more} more`];
  return new OverlayDifferenceError(verification, {
    kind: "blocked",
    who: "gitops",
    operation: `verify the overlays with ${by === "model" ? "our model of kustomize" : by}`,
    problem: all.join("; "),
    next: nextOf(differences),
  });
}

/** A difference as people read it: "namespaces/shop/prod: Deployment shop/web differs at /spec/replicas". */
function inWords({ overlay, kind, object, path, reason }: OverlayDifference): string {
  switch (kind) {
    case "differs":
      return `${overlay}: ${object} differs${path === undefined ? "" : ` at ${path === "" ? "its root" : path}`}`;
    case "missing":
      return `${overlay}: ${object} is not built`;
    case "unexpected":
      return `${overlay}: ${object} is built, and is not to be there`;
    case "not-built":
      return `${overlay} cannot be built: ${reason}`;
    default:
      return kind satisfies never;
  }
}

function nextOf(differences: readonly OverlayDifference[]): string {
  const nothing = "nothing was pushed";
  if (differences.every(({ kind }) => kind === "not-built"))
    return `${nothing}; remove what people put beside generated kustomizations; where it is not that, try another version of kustomize`;
  return `${nothing}; report it: what is generated is wrong; gitops.flat: true writes every object whole meanwhile`;
}
