import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { TestArguments } from "../notify/test-channels.ts";
import { commonOptions } from "./options.ts";

/** `kubeferry notify test`. */
export function notifyTestCommand(finish: Finish): CommandModule<object, TestArguments> {
  return {
    command: "test",
    describe: "Send a message through each configured channel and say what came of it; exit code 1 when one failed",
    builder: (args) =>
      args.options({
        ...commonOptions,
        channel: {
          type: "string",
          array: true,
          requiresArg: true,
          default: [] as string[],
          defaultDescription: "all",
          describe: "Only this one of notifications.channels; may be given several times",
        },
      }) as never,
    handler: async (args) => {
      const { testChannels } = await import("../notify/test-channels.ts");
      finish(await testChannels(args));
    },
  };
}
