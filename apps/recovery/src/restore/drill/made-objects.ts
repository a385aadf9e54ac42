import { FIELD_MANAGER, type KubeApi, KubeError } from "@kubeferry/kube";
import {
  type Call,
  isJsonObject,
  type JsonObject,
  labelOf,
  objectsAt,
  parseJson,
  type ResourceType,
  textAt,
} from "@kubeferry/model";
import type { PlannedObject } from "../restore-plan.ts";
import { DRILL_LABEL, KEPT_LABEL } from "./drill-mark.ts";

/** A namespace or definition of the target that carries the label of a drill. */
export interface LabelledObject {
  readonly object: PlannedObject;
  readonly uid: string;
  readonly run: string;
  readonly kept: boolean;
  /** False: it was there before somebody labelled it, or somebody else labelled it. */
  readonly made: boolean;
}

/** The type of namespaces. */
export const NAMESPACES: ResourceType = {
  group: "",
  version: "v1",
  resource: "namespaces",
  kind: "Namespace",
  namespaced: false,
  verbs: ["list"],
};

const DEFINITIONS: ResourceType = {
  group: "apiextensions.k8s.io",
  version: "v1",
  resource: "customresourcedefinitions",
  kind: "CustomResourceDefinition",
  namespaced: false,
  verbs: ["list"],
};

const PAGE = 500;

/**
 * What drills have left in the target, namespaces before definitions.
 * @param run only of this one; undefined for all
 * @throws KubeError
 */
export async function labelledObjects(kube: KubeApi, run: string | undefined, call: Call): Promise<LabelledObject[]> {
  const labelSelector = run === undefined ? DRILL_LABEL : `${DRILL_LABEL}=${run}`;
  const found: LabelledObject[] = [];
  for (const type of [NAMESPACES, DEFINITIONS]) {
    for await (const { line } of kube.list(type, { pageSize: PAGE, labelSelector, anyOrder: true }, call)) {
      const live = parseJson(line.toString("utf8"));
      if (isJsonObject(live)) found.push(labelled(type, live));
    }
  }
  return found;
}

function labelled({ verbs: _, namespaced: __, ...type }: ResourceType, live: JsonObject): LabelledObject {
  return {
    object: { ...type, name: textAt(live, "metadata", "name") ?? "" },
    uid: textAt(live, "metadata", "uid") ?? "",
    run: labelOf(live, DRILL_LABEL) ?? "",
    kept: labelOf(live, KEPT_LABEL) !== undefined,
    made: isMadeByUs(live),
  };
}

/** The API server notes the two moments one after the other, in whole seconds. */
const SAME_MOMENT_MS = 2_000;

/**
 * Whether an object came into being by a write of ours: the API server notes who wrote what and when. It also knows it
 * of a run that was killed, or stopped while the answer was on its way.
 */
export function isMadeByUs(live: JsonObject): boolean {
  const born = timeOf(textAt(live, "metadata", "creationTimestamp"));
  const writes = objectsAt(live, "metadata", "managedFields").filter(({ subresource }) => subresource === undefined);
  const ours = writes.find(({ manager, operation }) => manager === FIELD_MANAGER && operation === "Apply");
  const wrote = timeOf(ours?.time);
  if (Number.isNaN(wrote) || Math.abs(wrote - born) > SAME_MOMENT_MS) return false;
  return writes.every(({ time }) => timeOf(time) >= wrote);
}

function timeOf(text: unknown): number {
  return typeof text === "string" ? Date.parse(text) : Number.NaN;
}

/** One object of the type that a definition brings; undefined where there is none. @throws KubeError */
export async function anyObjectOf(kube: KubeApi, definition: JsonObject, call: Call): Promise<string | undefined> {
  const served = objectsAt(definition, "spec", "versions").find((version) => version.served === true);
  const type: ResourceType = {
    group: textAt(definition, "spec", "group") ?? "",
    version: textAt(served ?? {}, "name") ?? "",
    resource: textAt(definition, "spec", "names", "plural") ?? "",
    kind: textAt(definition, "spec", "names", "kind") ?? "",
    namespaced: textAt(definition, "spec", "scope") === "Namespaced",
    verbs: ["list"],
  };
  try {
    for await (const { key } of kube.list(type, { pageSize: 1, anyOrder: true }, call)) return key;
  } catch (error) {
    // Not served: it was never established, and holds nothing.
    if (!(error instanceof KubeError) || error.kind !== "not-found") throw error;
  }
  return undefined;
}
