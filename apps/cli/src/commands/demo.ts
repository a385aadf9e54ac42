import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";

/** `kubeferry demo`: the whole job on an example cluster, without a cluster. */
export function demoCommand(finish: Finish): CommandModule<object, { folder: string }> {
  return {
    command: "demo",
    describe: "Run both stages on an example cluster: no cluster, no account, no network",
    builder: (args) =>
      args.options({
        folder: { type: "string", default: ".kubeferry-demo", describe: "Where store and repository are made" },
      }) as never,
    handler: async (args) => {
      const { runDemo } = await import("../demo/run-demo.ts");
      finish(await runDemo(args.folder));
    },
  };
}
