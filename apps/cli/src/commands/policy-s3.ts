import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { S3PolicyArguments } from "../policy/run-s3.ts";
import { POLICY_PURPOSES } from "../policy/s3-policy.ts";
import { clusterOption, commonOptions } from "./options.ts";

const policyOptions = {
  for: {
    choices: POLICY_PURPOSES,
    default: "backup" as const,
    describe: "What the key is for: gitops and restore only read, prune removes snapshots and writes none",
  },
  cluster: {
    ...clusterOption,
    defaultDescription: "all that are configured",
    describe: "Whose keys, as <domain>/<name>; may be given several times",
  },
  domain: {
    type: "string",
    requiresArg: true,
    describe: "The keys of every cluster of this domain instead",
  },
} as const satisfies Record<string, Options>;

/** `kubeferry policy s3`. */
export function policyS3Command(finish: Finish): CommandModule<object, S3PolicyArguments> {
  return {
    command: "s3",
    describe: "Print the policy document of a key of the store, for one cluster, several or a domain",
    builder: (args) => args.options({ ...commonOptions, ...policyOptions }) as never,
    handler: async (args) => {
      const { printS3Policy } = await import("../policy/run-s3.ts");
      finish(await printS3Policy(args));
    },
  };
}
