import { KubeError, type KubeWriter } from "@kubeferry/kube";
import { type Call, type JsonObject, textAt } from "@kubeferry/model";
import type { Obstacle, PlannedObject } from "../restore-plan.ts";
import { writeTarget } from "./target-reader.ts";

/** What the API server would make of a write. */
export type Tried =
  | {
      readonly outcome: "taken";
      readonly object: JsonObject;
      /** There is none of its name yet. */
      readonly created: boolean;
      readonly warnings: readonly string[];
    }
  | { readonly outcome: "refused"; readonly obstacle: Obstacle; readonly reason: string }
  /** A webhook that is asked about it does not answer questions without consequences. */
  | { readonly outcome: "unknown"; readonly reason: string };

/** What is tried, and how. */
export interface Trial {
  readonly planned: PlannedObject;
  readonly object: JsonObject;
  /** What is replaced by it; left out: it is applied. */
  readonly live?: JsonObject;
  /** Of an apply: no more of the result is wanted than its metadata. */
  readonly answer?: "metadata";
}

/**
 * Asks the API server for its verdict on one object; nothing is changed.
 * @throws KubeError when the cluster itself does not answer
 */
export async function tryWrite(
  writer: KubeWriter,
  { planned, object, live, ...answer }: Trial,
  call: Call,
): Promise<Tried> {
  const target = writeTarget(planned);
  try {
    const written =
      live === undefined
        ? await writer.apply(target, object, { dryRun: true, force: true, ...answer }, call)
        : await writer.replace(target, object, { dryRun: true, precondition: identityOf(live) }, call);
    const { object: result, created, warnings } = written;
    return { outcome: "taken", object: result, created, warnings };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    return refusal(error);
  }
}

function identityOf(live: JsonObject): { readonly uid: string; readonly resourceVersion: string } {
  return {
    uid: textAt(live, "metadata", "uid") ?? "",
    resourceVersion: textAt(live, "metadata", "resourceVersion") ?? "",
  };
}

function refusal(error: KubeError): Tried {
  const reason = error.problem;
  if (/does not support dry run/.test(reason)) return { outcome: "unknown", reason };
  switch (error.kind) {
    case "terminating":
    case "forbidden":
      return { outcome: "refused", obstacle: error.kind, reason };
    case "refused":
    case "conflict":
    case "invalid":
    case "not-found":
      return { outcome: "refused", obstacle: "refused", reason };
    case "unavailable":
      // 500 is this object's own: a webhook that has to be asked does not answer. All else is the cluster's.
      if (error.status === 500) return { outcome: "refused", obstacle: "refused", reason };
      throw error;
    default:
      throw error;
  }
}
