import type { OVERRIDE_KEYS } from "@kubeferry/shared-config";
import type { Layer } from "../layers.ts";
import type { HostRule } from "./hosts.ts";
import type { ImageRule } from "./images.ts";
import type { MetadataRule } from "./metadata.ts";
import type { PatchRule } from "./patches.ts";
import type { ReplicasRule } from "./replicas.ts";
import type { ResourcesRule } from "./resources.ts";
import type { Rule } from "./rule.ts";

/** Everything that overrides one environment in one namespace, entry by entry, weakest first. */
export interface OverrideRules {
  readonly replicas: readonly Rule<ReplicasRule>[];
  readonly resources: readonly Rule<ResourcesRule>[];
  readonly images: readonly Rule<ImageRule>[];
  readonly hosts: readonly Rule<HostRule>[];
  readonly labels: readonly Rule<MetadataRule>[];
  readonly annotations: readonly Rule<MetadataRule>[];
  readonly patches: readonly Rule<PatchRule>[];
}

/** Takes layers apart. What a stronger layer says comes after what a weaker one says, in lists and maps alike. */
export function rulesOf(layers: readonly Layer[]): OverrideRules {
  return {
    replicas: entriesOf(
      layers,
      "replicas",
      (keys) => keys.replicas,
      (glob, replicas) => ({ glob, replicas }),
    ),
    resources: itemsOf(layers, "resources", (keys) => keys.resources),
    images: itemsOf(layers, "images", (keys) => keys.images),
    hosts: itemsOf(layers, "hosts", (keys) => keys.hosts),
    labels: entriesOf(
      layers,
      "labels",
      (keys) => keys.labels,
      (key, text) => ({ key, text }),
    ),
    annotations: entriesOf(
      layers,
      "annotations",
      (keys) => keys.annotations,
      (key, text) => ({ key, text }),
    ),
    patches: itemsOf(layers, "patches", (keys) => keys.patches),
  };
}

/** Every rule, kind by kind in the order that they are applied in. */
export function allRules(rules: OverrideRules): readonly Rule<unknown>[] {
  return Object.values(rules).flat();
}

type Keys = Layer["keys"];
type Key = (typeof OVERRIDE_KEYS)[number];

function itemsOf<Value>(
  layers: readonly Layer[],
  key: Key,
  read: (keys: Keys) => readonly Value[] | undefined,
): readonly Rule<Value>[] {
  return layers.flatMap(({ path, keys }) =>
    (read(keys) ?? []).map((value, index): Rule<Value> => ({ path: [...path, key, index], value })),
  );
}

function entriesOf<Written, Value>(
  layers: readonly Layer[],
  key: Key,
  read: (keys: Keys) => Readonly<Record<string, Written>> | undefined,
  toValue: (name: string, written: Written) => Value,
): readonly Rule<Value>[] {
  return layers.flatMap(({ path, keys }) =>
    Object.entries(read(keys) ?? {}).map(
      ([name, written]): Rule<Value> => ({ path: [...path, key, name], value: toValue(name, written) }),
    ),
  );
}
