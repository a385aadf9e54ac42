import type { Options, PositionalOptions } from "yargs";

/** Which snapshot: its number, or the newest. */
export const sequencePositional = {
  type: "number",
  describe: "Number of the snapshot; the newest when left out",
} as const satisfies PositionalOptions;

/** Options of the commands that read snapshots. */
export const snapshotOptions = {
  cluster: {
    type: "string",
    requiresArg: true,
    describe:
      "Which cluster's snapshots: <name> or <domain>/<name>; needed when several are configured, or none is and the store holds several",
  },
} as const satisfies Record<string, Options>;

/** What they give. */
export interface SnapshotArguments {
  readonly sequence?: number;
  readonly cluster?: string;
}
