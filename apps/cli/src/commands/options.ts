import type { Options } from "yargs";

/** `--config`, once or several times; later files win. */
const configOption = {
  type: "string",
  array: true,
  alias: "f",
  requiresArg: true,
  default: [] as string[],
  defaultDescription: "./kubeferry.yaml when it is there",
  describe: "Configuration file, YAML; may be given several times, later ones win",
} as const satisfies Options;

/** `--config-dir`, once or several times; later folders win. */
const configDirOption = {
  type: "string",
  array: true,
  requiresArg: true,
  default: [] as string[],
  defaultDescription: "KUBEFERRY_CONFIG_DIR",
  describe: "Folder with one file a value, such as a mounted ConfigMap or Secret; may be given several times",
} as const satisfies Options;

/** `--set`, a dotted key. */
const setOption = {
  type: "string",
  array: true,
  requiresArg: true,
  default: [] as string[],
  describe: "Sets one key: --set store.bucket=backups",
} as const satisfies Options;

/** `--output`. */
const outputOption = {
  choices: ["text", "json"] as const,
  default: "text" as const,
  describe: "What stdout gets: text for people, or one JSON report",
} as const satisfies Options;

/** `--cluster`, of every command that can be about several. */
export const clusterOption = {
  type: "string",
  array: true,
  requiresArg: true,
  default: [] as string[],
  defaultDescription: "all",
  describe: "Only this one of `clusters`, by its name or <domain>/<name>; may be given several times",
} as const satisfies Options;

/** `--allow-removals`, of every command that runs stage 2. */
export const allowRemovalsOption = {
  type: "boolean",
  default: false,
  describe: "Propose removals also above gitops.maxRemovals",
} as const satisfies Options;

/** `--dry-run` of stage 2. */
export const dryRunOption = {
  type: "boolean",
  default: false,
  describe: "Show the files and the difference that would be proposed, and push nothing",
} as const satisfies Options;

/** `--verify` of stage 2, before `gitops.verify`. */
export const verifyOption = {
  type: "boolean",
  describe: "Build every overlay before anything is pushed and compare each object, before gitops.verify",
} as const satisfies Options;

/** `--mode` of stage 2, before `gitops.mode`. */
export const modeOption = {
  choices: ["pull-request", "push", "directory", "dry-run"] as const,
  describe: "What becomes of the result of stage 2, before gitops.mode",
} as const satisfies Options;

/** `--color`, of commands whose output is coloured. */
export const colorOption = {
  choices: ["auto", "always", "never"] as const,
  default: "auto" as const,
  describe: "Colours: auto is on a terminal, unless NO_COLOR is set",
} as const satisfies Options;

/** The options that say where configuration comes from. */
export const configOptions = { config: configOption, "config-dir": configDirOption, set: setOption } as const;

/** The options of every command that reads a configuration. */
export const commonOptions = { ...configOptions, output: outputOption } as const;

/** What the options of a configuration give. */
export interface ConfigArguments {
  readonly config: readonly string[];
  readonly configDir: readonly string[];
  readonly set: readonly string[];
}

/** What the common options give. */
export interface CommonArguments extends ConfigArguments {
  readonly output: "text" | "json";
}

/** What commands get that can be about several clusters. */
export interface ClusterArguments extends CommonArguments {
  readonly cluster: readonly string[];
}
