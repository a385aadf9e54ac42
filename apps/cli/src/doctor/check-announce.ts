import type { Call } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import { check, type Finding } from "./check.ts";

/** Whether a backup could tell stage 2 that it is complete; nothing to look at where nobody is told. */
export async function checkAnnounce(config: Config, call: Call): Promise<Finding[]> {
  const { openAnnouncer } = await import("@kubeferry/backup");
  const announcer = await openAnnouncer(config);
  if (announcer === undefined) return [];
  try {
    const next = announcer.via === "webhook" ? "check announce.url and webhook.keys" : "check announce.cronJob";
    return [await check(`announce: ${announcer.via}`, next, () => announcer.check(call))];
  } finally {
    await announcer.close();
  }
}
