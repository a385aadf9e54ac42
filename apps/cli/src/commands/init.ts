import type { CommandModule } from "yargs";
import type { Finish } from "../exit-code.ts";
import type { InitArguments } from "../init/answers.ts";

/** `kubeferry init`: a first configuration, and the keys it names. */
export function initCommand(finish: Finish): CommandModule<object, InitArguments> {
  return {
    command: "init",
    describe: "Write a commented kubeferry.yaml and make the keys it names; asks on a terminal",
    builder: (args) =>
      args.options({
        output: { type: "string", requiresArg: true, default: "kubeferry.yaml", describe: "The file to write" },
        store: { choices: ["folder", "s3"] as const, describe: "Where snapshots go; folder when nothing is said" },
        path: { type: "string", requiresArg: true, describe: "The folder, of a folder store (default: ./store)" },
        endpoint: {
          type: "string",
          requiresArg: true,
          describe: "The server, of an s3 store (default: MINIO_ENDPOINT)",
        },
        bucket: {
          type: "string",
          requiresArg: true,
          describe: "The bucket, of an s3 store (default: cluster-backups)",
        },
        "cluster-name": { type: "string", requiresArg: true, describe: "Name of the cluster; else it is identified" },
        "cluster-domain": {
          type: "string",
          requiresArg: true,
          describe: "Domain of the cluster; else it is identified",
        },
        secrets: {
          choices: ["encrypt", "withhold", "omit", "plain"] as const,
          describe: "What becomes of Secrets; encrypt makes an age key pair (default: encrypt)",
        },
        signing: { type: "boolean", describe: "Make a key pair that manifests are signed with" },
        webhook: { type: "boolean", describe: "Make a key that backup-complete calls are signed with" },
        yes: { type: "boolean", alias: "y", default: false, describe: "Ask nothing; defaults for what no flag says" },
      }) as never,
    handler: async (args) => {
      const { runInit } = await import("../init/run-init.ts");
      finish(await runInit(args));
    },
  };
}
