import type { Options } from "yargs";
import { type FilterArguments, filterOptions } from "./filter-options.ts";
import { type CommonArguments, commonOptions } from "./options.ts";
import { momentOption, type SnapshotArguments, snapshotOptions } from "./snapshot-options.ts";

/** Which cluster is restored into. */
export const targetOptions = {
  "to-kubeconfig": {
    type: "string",
    requiresArg: true,
    describe: "Kubeconfig of the cluster to restore into, before recovery.target.kubeconfig",
  },
  "to-context": {
    type: "string",
    requiresArg: true,
    describe: "Context of that kubeconfig, before recovery.target.context",
  },
} as const satisfies Record<string, Options>;

const pairs = { type: "string", array: true, requiresArg: true, default: [] as string[], defaultDescription: "none" };

const settingOptions = {
  conflicts: {
    choices: ["skip", "update", "replace", "fail"] as const,
    describe: "What becomes of an object that is there and differs, before recovery.restore.conflicts",
  },
  "map-namespace": {
    ...pairs,
    type: "string",
    describe: "Another name for a namespace: shop=shop-restored; may be given several times",
  },
  "map-storage-class": {
    ...pairs,
    type: "string",
    describe: "Another name for a storage class: gp2=fast; may be given several times",
  },
  prune: {
    ...pairs,
    type: "string",
    describe:
      "Remove from this namespace of the target, a name or a glob, what did not exist then; may be given several times",
  },
  "prune-crds": {
    type: "boolean",
    default: false,
    describe: "With --prune: also CustomResourceDefinitions, and with them all their objects",
  },
  "prune-persistent-volumes": {
    type: "boolean",
    default: false,
    describe: "With --prune: also claims, with what is stored in them, and volumes that no claim is bound to",
  },
  "prune-foreign-finalizers": {
    type: "boolean",
    default: false,
    describe: "With --prune: also objects with finalizers of others than Kubernetes itself",
  },
} as const satisfies Record<string, Options>;

/** Options of all commands that plan a restore. */
export const restoreOptions = {
  ...commonOptions,
  ...snapshotOptions,
  at: momentOption,
  ...targetOptions,
  ...filterOptions,
  ...settingOptions,
} as const;

/** Which cluster is restored into. */
export interface TargetArguments {
  readonly toKubeconfig?: string;
  readonly toContext?: string;
}

/** What the options of a restore give. */
export interface RestoreArguments extends CommonArguments, SnapshotArguments, FilterArguments, TargetArguments {
  readonly at: string;
  readonly conflicts?: "skip" | "update" | "replace" | "fail";
  readonly mapNamespace: readonly string[];
  readonly mapStorageClass: readonly string[];
  readonly prune: readonly string[];
  readonly pruneCrds: boolean;
  readonly prunePersistentVolumes: boolean;
  readonly pruneForeignFinalizers: boolean;
}
