import type { Config } from "@kubeferry/shared-config";
import type { Announcer } from "./announcer.ts";

/**
 * Who tells stage 2, as `announce.via` says; undefined where nobody is told. Opens no connection yet, and one serves all
 * clusters of a process. Each way is loaded when it is used.
 */
export async function openAnnouncer(config: Config): Promise<Announcer | undefined> {
  const { via } = config.announce;
  switch (via) {
    case "webhook":
      return (await import("./by-webhook.ts")).announceByWebhook(config);
    case "job":
      return (await import("./by-job.ts")).announceByJob(config);
    case "none":
    case "in-process":
      return undefined;
    default:
      return via satisfies never;
  }
}
