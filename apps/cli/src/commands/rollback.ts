import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { RollbackArguments } from "../recovery/rollback.ts";
import { commonOptions } from "./options.ts";
import { targetOptions } from "./restore-options.ts";
import { momentOption, snapshotOptions } from "./snapshot-options.ts";

const rollbackOptions = {
  to: {
    type: "string",
    nargs: 1,
    demandOption: true,
    describe: momentOption.describe,
  },
  namespace: {
    type: "string",
    array: true,
    requiresArg: true,
    alias: "n",
    default: [] as string[],
    defaultDescription: "all that gitops.namespaces adopts",
    describe: "Only this namespace; may be given several times. --via cluster needs one",
  },
  "include-cluster": {
    type: "boolean",
    default: false,
    describe: "Take what has no namespace back too",
  },
  via: {
    choices: ["git", "cluster"] as const,
    default: "git" as const,
    describe: "git: a pull request that takes Git back. cluster: a restore that also removes what did not exist then",
  },
  sync: {
    type: "boolean",
    default: false,
    describe: "Wait until the request is merged, have Argo CD sync what it changes, and wait for that",
  },
  timeout: {
    type: "string",
    nargs: 1,
    defaultDescription: "10m",
    describe: "How long --sync waits for the merge, and then for Argo CD: 90s, 10m, 2h",
  },
  "allow-removals": {
    type: "boolean",
    default: false,
    describe: "Also above gitops.maxRemovals or, with --via cluster, recovery.restore.maxRemovals",
  },
  "dry-run": {
    type: "boolean",
    default: false,
    describe: "With --via git: show the files and the difference that would be proposed, and push nothing",
  },
  yes: {
    type: "boolean",
    default: false,
    describe: "With --via cluster: carry the plan out; without it the plan is only shown",
  },
} as const satisfies Record<string, Options>;

/** `kubeferry rollback`. */
export function rollbackCommand(finish: Finish): CommandModule<object, RollbackArguments> {
  return {
    command: "rollback",
    describe: "Take namespaces back to an earlier snapshot: as a pull request, or in the cluster itself",
    builder: (args) =>
      args.options({ ...commonOptions, ...snapshotOptions, ...rollbackOptions, ...targetOptions }) as never,
    handler: async (args) => {
      const { rollback } = await import("../recovery/rollback.ts");
      finish(await rollback(args));
    },
  };
}
