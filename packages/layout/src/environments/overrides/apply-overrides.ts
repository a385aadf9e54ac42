import type { JsonObject } from "@kubeferry/model";
import { overrideHosts } from "./hosts.ts";
import { overrideImages } from "./images.ts";
import { overrideMetadata } from "./metadata.ts";
import { overrideByPatches } from "./patches.ts";
import { overrideReplicas } from "./replicas.ts";
import { overrideResources } from "./resources.ts";
import type { OnFit, OverriddenObject } from "./rule.ts";
import type { OverrideRules } from "./rules.ts";

/**
 * An object as an environment has it, its namespace not yet looked at; the same object when nothing fits it. Patches
 * come last, so that they can say what the others cannot.
 * @throws GitOpsError "config" for a patch that cannot be applied
 */
export function applyOverrides(
  object: JsonObject,
  rules: OverrideRules,
  overridden: OverriddenObject,
  onFit: OnFit,
): JsonObject {
  return OVERRIDES.reduce((changed, override) => override(changed, rules, overridden, onFit), object);
}

type Override = typeof applyOverrides;

const OVERRIDES: readonly Override[] = [
  (object, { replicas }, of, onFit) => overrideReplicas(object, replicas, of, onFit),
  (object, { resources }, of, onFit) => overrideResources(object, resources, of, onFit),
  (object, { images }, of, onFit) => overrideImages(object, images, of, onFit),
  (object, { hosts }, of, onFit) => overrideHosts(object, hosts, of, onFit),
  (object, { labels }, _, onFit) => overrideMetadata("labels", object, labels, onFit),
  (object, { annotations }, _, onFit) => overrideMetadata("annotations", object, annotations, onFit),
  (object, { patches }, of, onFit) => overrideByPatches(object, patches, of, onFit),
];
