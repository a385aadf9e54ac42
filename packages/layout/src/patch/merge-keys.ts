import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** Which lists below a value kustomize merges element by element, as far as we let it. */
export interface MergeTree {
  readonly fields: Readonly<Record<string, MergeTree>>;
  /** For a list: the key that tells its elements apart, and what is below an element. */
  readonly list?: { readonly key: string; readonly element: MergeTree };
}

const NOTHING: MergeTree = { fields: {} };

const CONTAINERS = keyedBy("name", {
  fields: { env: keyedBy("name", NOTHING), volumeMounts: keyedBy("mountPath", NOTHING) },
});

const POD_SPEC: MergeTree = {
  fields: {
    containers: CONTAINERS,
    initContainers: CONTAINERS,
    volumes: keyedBy("name", NOTHING),
    imagePullSecrets: keyedBy("name", NOTHING),
  },
};

const SERVICE_ACCOUNT: MergeTree = {
  fields: { imagePullSecrets: keyedBy("name", NOTHING), secrets: keyedBy("name", NOTHING) },
};

const POD_TEMPLATE = below("template", "spec", POD_SPEC);

/** By apiVersion and kind. Lists with two keys are not here: kustomize does not keep their order. */
const TREES: ReadonlyMap<string, MergeTree> = new Map([
  ["v1 Pod", below("spec", POD_SPEC)],
  ["v1 ServiceAccount", SERVICE_ACCOUNT],
  ["v1 ReplicationController", below("spec", POD_TEMPLATE)],
  ["apps/v1 DaemonSet", below("spec", POD_TEMPLATE)],
  ["apps/v1 Deployment", below("spec", POD_TEMPLATE)],
  ["apps/v1 ReplicaSet", below("spec", POD_TEMPLATE)],
  ["apps/v1 StatefulSet", below("spec", POD_TEMPLATE)],
  ["batch/v1 CronJob", below("spec", "jobTemplate", "spec", POD_TEMPLATE)],
  ["batch/v1 Job", below("spec", POD_TEMPLATE)],
]);

/** The lists of an object that a strategic merge patch may name the elements of; none for custom resources. */
export function mergeTreeOf({ apiVersion, kind }: JsonObject): MergeTree {
  return TREES.get(`${String(apiVersion)} ${String(kind)}`) ?? NOTHING;
}

/** What is below a field. */
export function fieldOf({ fields }: MergeTree, key: string): MergeTree {
  return (Object.hasOwn(fields, key) ? fields[key] : undefined) ?? NOTHING;
}

/** The elements of a list by their key; undefined when an element has none, or two have the same. */
export function byKey(list: readonly JsonValue[], key: string): ReadonlyMap<string, JsonObject> | undefined {
  const elements = new Map<string, JsonObject>();
  for (const element of list) {
    const name = isJsonObject(element) && Object.hasOwn(element, key) ? element[key] : undefined;
    if (!isJsonObject(element) || typeof name !== "string" || name === "" || elements.has(name)) return undefined;
    elements.set(name, element);
  }
  return elements;
}

function keyedBy(key: string, element: MergeTree): MergeTree {
  return { fields: {}, list: { key, element } };
}

function below(...path: readonly [string, ...string[], MergeTree] | readonly [...string[], MergeTree]): MergeTree {
  const [first, ...rest] = path;
  if (typeof first !== "string") return first ?? NOTHING;
  return { fields: { [first]: below(...(rest as [...string[], MergeTree])) } };
}
