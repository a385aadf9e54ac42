import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import { type ClusterArguments, clusterOption, commonOptions } from "./options.ts";

/** `kubeferry doctor`: what would keep a run from succeeding. */
export function doctorCommand(finish: Finish): CommandModule<object, ClusterArguments> {
  return {
    command: "doctor",
    describe:
      "Check cluster, rights, store, clock, the way to stage 2 and repository; says what to run where something is wrong",
    builder: (args) => args.options({ ...commonOptions, cluster: clusterOption }) as never,
    handler: async (args) => {
      const { runDoctor } = await import("../doctor/run-doctor.ts");
      finish(await runDoctor(args));
    },
  };
}
