import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { policyRbacCommand } from "./policy-rbac.ts";
import { policyS3Command } from "./policy-s3.ts";

/** `kubeferry policy`: least rights, written out. */
export function policyCommand(finish: Finish): CommandModule {
  return {
    command: "policy",
    describe: "Print the least rights that a configuration needs, in the store and in the cluster",
    builder: (args) =>
      args
        .command(policyS3Command(finish))
        .command(policyRbacCommand(finish))
        .demandCommand(1, "Name one of: s3, rbac."),
    handler: () => undefined,
  };
}
