import type { CommandModule, Options } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { RbacPolicyArguments } from "../policy/run-rbac.ts";
import { commonOptions } from "./options.ts";

const policyOptions = {
  cluster: { type: "string", requiresArg: true, describe: "Which of `clusters`, by its name or <domain>/<name>" },
  "from-cluster": {
    type: "boolean",
    default: false,
    describe: "Ask the cluster which types it serves, and name each; it needs no right for that",
  },
  openshift: {
    type: "boolean",
    default: false,
    describe: "The cluster is OpenShift; --from-cluster sees that by itself",
  },
  name: { type: "string", requiresArg: true, default: "kubeferry-backup", describe: "Name of the objects" },
  "service-account": {
    type: "string",
    requiresArg: true,
    describe: "Who gets the rights, as <namespace>/<name>: bindings are printed too",
  },
} as const satisfies Record<string, Options>;

/** `kubeferry policy rbac`. */
export function policyRbacCommand(finish: Finish): CommandModule<object, RbacPolicyArguments> {
  return {
    command: "rbac",
    describe: "Print the ClusterRole, and the Roles of single namespaces, that a backup needs",
    builder: (args) => args.options({ ...commonOptions, ...policyOptions }) as never,
    handler: async (args) => {
      const { printRbacPolicy } = await import("../policy/run-rbac.ts");
      finish(await printRbacPolicy(args));
    },
  };
}
