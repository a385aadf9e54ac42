import { type Call, compareUtf8, isJsonObject, labelOf, parseJson } from "@kubeferry/model";
import { createScope } from "@kubeferry/shared-config";
import type { Snapshot, SnapshotObject } from "@kubeferry/snapshot";
import { RecoveryError } from "../../recovery-error.ts";
import { isNamespaces } from "../plan/candidate.ts";
import { DRILL_LABEL } from "./drill-mark.ts";

/** A namespace of the snapshot, and what it is called in the drill. */
export interface DrillNamespace {
  readonly from: string;
  readonly to: string;
}

/** Of the cluster itself: an API server that is there needs none of it, and a copy would prove nothing. */
const OF_THE_CLUSTER = /^(kube-|openshift$|openshift-)/;
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const MAX_NAME = 63;

/**
 * Which namespaces are rehearsed: those that patterns name, else all but the cluster's own. What a drill has made, and a
 * backup has captured, is rehearsed by none.
 * @throws RecoveryError "config" for a pattern that fits nothing, and for names that would be none
 */
export async function drillNamespaces(
  snapshot: Snapshot,
  { patterns, prefix }: { readonly patterns: readonly string[]; readonly prefix: string },
  call: Call,
): Promise<readonly DrillNamespace[]> {
  const any = { include: [], exclude: [] };
  const scope = createScope({ namespaces: { include: patterns, exclude: [] }, names: any });
  const names: string[] = [];
  for await (const captured of snapshot.objects(isNamespaces, call)) {
    const outside = scope.outOfScope({ resource: "namespaces", name: captured.key });
    if (outside !== undefined || isOfADrill(captured)) continue;
    if (patterns.length > 0 || !OF_THE_CLUSTER.test(captured.key)) names.push(captured.key);
  }
  const idle = scope.idleNamespaces();
  if (idle.length > 0)
    throw misnamed(`-n ${idle.join(", ")} fits no namespace of the snapshot`, "look at its spelling");
  if (names.length === 0) throw misnamed("the snapshot holds no namespace to rehearse", "name one with -n");
  return called(names.sort(compareUtf8), prefix);
}

function called(names: readonly string[], prefix: string): readonly DrillNamespace[] {
  if (prefix === "") throw misnamed("the prefix is empty", "a drill never writes into a namespace of its own name");
  const all = names.map((from) => ({ from, to: `${prefix}${from}` }));
  const long = all.filter(({ to }) => to.length > MAX_NAME).map(({ to }) => to);
  if (long.length > 0) {
    throw misnamed(
      `longer than ${MAX_NAME} characters: ${long.join(", ")}`,
      "take a shorter --namespace-prefix, or leave them out with -n",
    );
  }
  if (all.some(({ to }) => !NAME.test(to))) {
    throw misnamed(`"${prefix}" begins no name of a namespace`, "take lower-case letters, digits and hyphens");
  }
  return all;
}

function isOfADrill(captured: SnapshotObject): boolean {
  if (!captured.readable) return false;
  const object = parseJson(captured.line.toString("utf8"));
  return isJsonObject(object) && labelOf(object, DRILL_LABEL) !== undefined;
}

function misnamed(problem: string, next: string): RecoveryError {
  return new RecoveryError({ kind: "config", who: "restore", operation: "drill", problem, next });
}
