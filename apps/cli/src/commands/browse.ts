import type { CommandModule } from "yargs";
import type { BrowseArguments } from "../browse/run-browse.ts";
import type { Finish } from "../exit-code.ts";
import { commonOptions } from "./options.ts";
import { snapshotOptions } from "./snapshot-options.ts";

/** How a moment is written, for the help of every option that takes one. */
const MOMENT = "latest, latest~3, -2h, a time, or a snapshot's number";

const options = {
  at: { type: "string", nargs: 1, default: "latest", describe: `Which snapshot: ${MOMENT}` },
  and: { type: "string", nargs: 1, describe: "A second snapshot, as a second context of the kubeconfig" },
  kubeconfig: {
    type: "string",
    nargs: 1,
    describe:
      "Where the kubeconfig is written; left out, a private temporary folder. A file of somebody else's is never overwritten",
  },
  port: { type: "number", nargs: 1, default: 0, defaultDescription: "a free one", describe: "Port on 127.0.0.1" },
} as const;

/** `kubeferry browse`: kubectl on a snapshot. */
export function browseCommand(finish: Finish): CommandModule<object, BrowseArguments> {
  return {
    command: "browse",
    describe: "Serve a snapshot to kubectl, read-only: kubeferry browse --at -2h [-- kubectl get pods -A]",
    builder: (args) =>
      args
        .parserConfiguration({ "populate--": true, "greedy-arrays": false })
        .options({ ...commonOptions, ...snapshotOptions, ...options })
        .check(({ port, and }) => {
          const last = and === undefined ? 65_535 : 65_534;
          if (Number.isInteger(port) && port >= 0 && port <= last) return true;
          throw new Error(`--port is a whole number from 1 to ${last}, or 0 for a free one`);
        }) as never,
    handler: async (args) => {
      const { runBrowse } = await import("../browse/run-browse.ts");
      finish(await runBrowse(args));
    },
  };
}
