import type { KubeApi } from "@kubeferry/kube";
import type { Call } from "@kubeferry/model";
import { RecoveryError } from "../../recovery-error.ts";
import { objectName } from "../apply/steps.ts";
import { isNamespaces } from "../plan/candidate.ts";
import { beginOfRun, removalCommand } from "./drill-mark.ts";
import type { DrillNamespace } from "./drill-namespaces.ts";
import { type LabelledObject, labelledObjects, NAMESPACES } from "./made-objects.ts";
import { type RemovingMade, removeMade } from "./remove-made.ts";

/** A drill that began so long ago is not at work any more: it was killed. */
const DEAD_AFTER_MS = 6 * 60 * 60_000;

/** What is looked at. */
export interface RoomOptions extends RemovingMade {
  readonly kube: KubeApi;
  readonly namespaces: readonly DrillNamespace[];
  /** Also what a drill left that began a moment ago, and may still be at work. */
  readonly removeLeftovers: boolean;
  readonly now: () => Date;
}

/**
 * Makes sure that none of the namespaces is there. What a killed drill left is removed first; nothing is, when a
 * namespace has to stay.
 * @returns what was removed: "namespaces/drill-shop"
 * @throws RecoveryError "conflict" naming what stands in the way
 */
export async function makeRoom(options: RoomOptions, call: Call): Promise<readonly string[]> {
  const { kube, namespaces } = options;
  const labelled = await labelledObjects(kube, undefined, call);
  const leftovers = labelled.filter((one) => isLeftover(one, options));
  const goes = new Set(leftovers.filter(({ object }) => isNamespaces(object)).map(({ object }) => object.name));
  const wanted = new Set(namespaces.map(({ to }) => to));
  const stays: string[] = [];
  for await (const { key } of kube.list(NAMESPACES, { pageSize: 500, anyOrder: true }, call)) {
    if (wanted.has(key) && !goes.has(key)) stays.push(key);
  }
  if (stays.length > 0) throw inTheWay(stays.sort(), labelled);
  const { removed, left } = await removeMade(leftovers, options, call);
  const [first] = left.filter(({ object }) => [...wanted].some((name) => object === `namespaces/${name}`));
  if (first === undefined) return removed;
  throw conflict(`${first.object} is left of an earlier drill: ${first.because}`, "look what its finalizers wait for");
}

function isLeftover({ run, kept, made }: LabelledObject, { removeLeftovers, now }: RoomOptions): boolean {
  const begin = beginOfRun(run);
  if (begin === undefined || kept || !made) return false;
  return removeLeftovers || now().getTime() - begin.getTime() > DEAD_AFTER_MS;
}

function inTheWay(names: readonly string[], labelled: readonly LabelledObject[]): RecoveryError {
  const ours = labelled.filter(
    ({ object, made }) => made && names.some((name) => objectName(object) === `namespaces/${name}`),
  );
  const foreign = names.filter((name) => !ours.some(({ object }) => object.name === name));
  if (foreign.length > 0) {
    return conflict(
      `there is a namespace ${foreign.join(", ")} that no drill has made; it stays as it is`,
      "take another --namespace-prefix",
    );
  }
  const runs = [...new Set(ours.map(({ run }) => run))];
  const keeps = ours.some(({ kept }) => kept);
  const problem = `${names.join(", ")}: there of an earlier drill (${runs.join(", ")}) that ${keeps ? "was to keep it" : "may still be at work"}`;
  const commands = runs.map((run) => `\`${removalCommand(run)}\``).join(" and ");
  return conflict(problem, keeps ? commands : `--remove-leftovers when it is not, or ${commands}`);
}

function conflict(problem: string, next: string): RecoveryError {
  return new RecoveryError({ kind: "conflict", who: "restore", operation: "drill", problem, next });
}
