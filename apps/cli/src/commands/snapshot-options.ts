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

/** `--at`. One argument is taken as it is: "-2h" is no option. */
export const momentOption = {
  type: "string",
  nargs: 1,
  default: "latest",
  describe: "Which snapshot: latest, latest~3, its number, -2h (as it was then), 2026-11-20T06:00:00Z",
} as const satisfies Options;

/** What they give. */
export interface SnapshotArguments {
  readonly sequence?: number;
  readonly cluster?: string;
}
