import { OverlayDifferenceError, openOverlayBuilder, type Plan, type Tip, verifyPlan } from "@kubeferry/layout";
import { type Call, inSpan, type OverlayVerification } from "@kubeferry/model";
import type { Delivery } from "./deliver.ts";
import { lastLookOf } from "./last-look-of.ts";

/**
 * Builds every overlay of a plan and compares it, where `gitops.verify` asks for it; each difference is a line of the log.
 * @returns undefined where nobody asked
 * @throws OverlayDifferenceError "blocked"
 */
export async function verified(
  planned: { readonly plan: Plan; readonly tip: Tip },
  delivery: Delivery,
  call: Call,
): Promise<OverlayVerification | undefined> {
  if (!delivery.gitops.verify) return undefined;
  delivery.onStep("verify");
  const builder = await openOverlayBuilder(delivery.programPath);
  const using = { builder, shape: delivery.shape, spool: delivery.spool, lastLook: lastLookOf(delivery) };
  try {
    const verification = await inSpan(call, "verify", { by: builder.by }, (inner) => verifyPlan(planned, using, inner));
    call.log.info("overlays verified", { operation: "gitops_verify", data: countsOf(verification) });
    return verification;
  } catch (error) {
    if (error instanceof OverlayDifferenceError) logDifferences(error.verification, call);
    throw error;
  }
}

function logDifferences(verification: OverlayVerification, call: Call): void {
  for (const { overlay, kind, object, path, reason } of verification.differences) {
    const data = { overlay, difference: kind, object, path, reason };
    call.log.error("an overlay is not as it is to be", { operation: "gitops_verify", data });
  }
  call.log.error("overlays differ", { operation: "gitops_verify", data: countsOf(verification) });
}

function countsOf({ by, overlays, objects, differing, notVerified }: OverlayVerification) {
  return { by, overlays, objects, differing, not_verified: notVerified.length };
}
