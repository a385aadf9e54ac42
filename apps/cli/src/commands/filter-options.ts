import type { Options } from "yargs";

const list = { type: "string", array: true, requiresArg: true, default: [] as string[], defaultDescription: "all" };

/** Which objects of a snapshot a command is about. Names, globs, or regular expressions between slashes. */
export const filterOptions = {
  "include-namespaces": {
    ...list,
    type: "string",
    alias: "n",
    describe: "Only what lies in these namespaces, and the Namespaces themselves; may be given several times",
  },
  "exclude-namespaces": {
    ...list,
    type: "string",
    defaultDescription: "none",
    describe: "Nothing that lies in these namespaces",
  },
  "include-resources": {
    ...list,
    type: "string",
    describe: "Only objects of these types: deployments, deployments.apps, Deployment",
  },
  "exclude-resources": {
    ...list,
    type: "string",
    defaultDescription: "none",
    describe: "No object of these types",
  },
  "include-names": { ...list, type: "string", describe: "Only objects that are called so" },
  "exclude-names": { ...list, type: "string", defaultDescription: "none", describe: "No object that is called so" },
  selector: {
    type: "string",
    alias: "l",
    requiresArg: true,
    describe: "Only objects whose labels this selector fits: app=web,tier!=cache",
  },
  "include-cluster-resources": {
    type: "boolean",
    defaultDescription: "true, and false with --include-namespaces",
    describe: "Whether objects that lie in no namespace are meant, too",
  },
} as const satisfies Record<string, Options>;

/** What they give. */
export interface FilterArguments {
  readonly includeNamespaces: readonly string[];
  readonly excludeNamespaces: readonly string[];
  readonly includeResources: readonly string[];
  readonly excludeResources: readonly string[];
  readonly includeNames: readonly string[];
  readonly excludeNames: readonly string[];
  readonly selector?: string;
  readonly includeClusterResources?: boolean;
}
