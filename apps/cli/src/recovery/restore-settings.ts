import { KubeferryError } from "@kubeferry/model";
import type { RestoreSettings } from "@kubeferry/recovery";
import { patternProblem, type RestoreConfig } from "@kubeferry/shared-config";
import type { RestoreArguments } from "../commands/restore-options.ts";
import { filterOf } from "./filter-of.ts";

/** "usage": an option that means nothing. */
class RestoreOptionError extends KubeferryError<"usage"> {}

const NAME = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const NAMESPACE = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * All that decides what a restore does: the command line before the configuration. Pairs of the command line are added
 * to those of the configuration.
 * @throws KubeferryError "usage" naming the option
 */
export function restoreSettings(config: RestoreConfig, args: RestoreArguments): RestoreSettings {
  const { conflicts, argoManaged, namespaces, storageClasses, images, patches, maxRemovals } = config;
  return {
    conflicts: args.conflicts ?? conflicts,
    argoManaged,
    namespaces: { ...namespaces, ...pairs("--map-namespace", args.mapNamespace, NAMESPACE) },
    storageClasses: { ...storageClasses, ...pairs("--map-storage-class", args.mapStorageClass, NAME) },
    images,
    patches,
    maxRemovals,
    filter: filterOf(args),
    ...pruneSettings(args),
  };
}

function pruneSettings(args: RestoreArguments): Pick<RestoreSettings, "prune"> {
  const { prune, pruneCrds, prunePersistentVolumes, pruneForeignFinalizers } = args;
  if (prune.length === 0) {
    if (!pruneCrds && !prunePersistentVolumes && !pruneForeignFinalizers) return {};
    const operation = "read the command line";
    const problem = "what --prune may remove is said, and not from which namespaces";
    throw new RestoreOptionError({
      kind: "usage",
      who: "kubeferry",
      operation,
      problem,
      next: "add --prune <namespace>",
    });
  }
  for (const text of prune) {
    const problem = patternProblem(text);
    if (problem === undefined) continue;
    throw new RestoreOptionError({ kind: "usage", who: "kubeferry", operation: `--prune ${text}`, problem });
  }
  return {
    prune: {
      namespaces: prune,
      customResourceDefinitions: pruneCrds,
      persistentVolumes: prunePersistentVolumes,
      foreignFinalizers: pruneForeignFinalizers,
    },
  };
}

function pairs(option: string, texts: readonly string[], name: RegExp): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const [from = "", to = "", ...rest] = text.split("=");
      if (rest.length === 0 && name.test(from) && name.test(to)) return [from, to];
      throw new RestoreOptionError({
        kind: "usage",
        who: "kubeferry",
        operation: `${option} ${text}`,
        problem: "expected <name>=<other name>, each as Kubernetes takes it",
        next: `write for example ${option} one=other`,
      });
    }),
  );
}
