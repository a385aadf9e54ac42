import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { GitOpsExplainArguments } from "../gitops/explain.ts";
import { commonOptions } from "./options.ts";

/** `kubeferry gitops explain`. */
export function gitopsExplainCommand(finish: Finish): CommandModule<object, GitOpsExplainArguments> {
  return {
    command: "explain <namespace> [environment]",
    describe: "Say what of a namespace goes to Git, what does not and why, and where each override comes from",
    builder: (args) =>
      args
        .positional("namespace", { type: "string", demandOption: true, describe: "A namespace of the newest snapshot" })
        .positional("environment", { type: "string", describe: "Only this environment; left out, all of them" })
        .options(commonOptions) as never,
    handler: async (args) => {
      const { explainNamespace } = await import("../gitops/explain.ts");
      finish(await explainNamespace(args));
    },
  };
}
