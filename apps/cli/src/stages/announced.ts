import type { Announcer } from "@kubeferry/backup";
import type { Config } from "@kubeferry/shared-config";
import { ExitCode } from "../exit-code.ts";
import type { StageArguments } from "./stage-arguments.ts";

/** With `announce.via: in-process` a backup goes on with stage 2 in this process, as `kubeferry run` does. */
export function withAnnounced(args: StageArguments, { announce }: Config): StageArguments {
  const backupAlone = args.stages.length === 1 && args.stages[0] === "backup";
  if (!backupAlone || announce.via !== "in-process") return args;
  return { ...args, stages: ["backup", "gitops"], announced: true };
}

/** Who tells stage 2 elsewhere; nobody where it follows in this process. */
export async function announcerFor({ stages }: StageArguments, config: Config): Promise<Announcer | undefined> {
  if (!stages.includes("backup") || stages.includes("gitops")) return undefined;
  const { openAnnouncer } = await import("@kubeferry/backup");
  return openAnnouncer(config);
}

/**
 * What stage 2 that only follows a backup may add to the exit code: the snapshot is there, so "could not run" is a
 * failure in what was done. A stop stays one.
 */
export function afterBackup({ announced }: StageArguments, code: number): number {
  return announced === true && code === ExitCode.couldNotRun ? ExitCode.doneWithFailures : code;
}
