import type { PublishMode } from "@kubeferry/model";
import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { gitopsExplainCommand } from "./gitops-explain.ts";
import { gitopsServeCommand } from "./gitops-serve.ts";
import { gitopsSummaryCommand } from "./gitops-summary.ts";
import { gitopsValidateCommand } from "./gitops-validate.ts";
import {
  allowRemovalsOption,
  type ClusterArguments,
  clusterOption,
  commonOptions,
  dryRunOption,
  modeOption,
  verifyOption,
} from "./options.ts";

type GitOpsArguments = ClusterArguments & {
  readonly allowRemovals: boolean;
  readonly dryRun: boolean;
  readonly verify?: boolean;
  readonly mode?: PublishMode;
};

/** `kubeferry gitops`: stage 2, and what only looks at what it would do. */
export function gitopsCommand(finish: Finish): CommandModule {
  return {
    command: "gitops",
    describe: "Bring the newest snapshot into the Git repository and open a pull request",
    builder: (args) =>
      args
        .command(runCommand(finish))
        .command(gitopsServeCommand(finish))
        .command(gitopsExplainCommand(finish))
        .command(gitopsSummaryCommand(finish))
        .command(gitopsValidateCommand(finish)),
    handler: () => undefined,
  };
}

/** Without a word behind it: the stage itself. */
function runCommand(finish: Finish): CommandModule<object, GitOpsArguments> {
  return {
    command: "$0",
    describe: "Bring the newest snapshot into the Git repository and open a pull request",
    builder: (args) =>
      args.options({
        ...commonOptions,
        cluster: clusterOption,
        "allow-removals": allowRemovalsOption,
        "dry-run": dryRunOption,
        verify: verifyOption,
        mode: modeOption,
      }) as never,
    handler: async (args) => {
      const { runStages } = await import("../stages/run-stages.ts");
      finish(await runStages({ ...args, stages: ["gitops"] }));
    },
  };
}
