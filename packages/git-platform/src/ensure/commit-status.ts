import type { Call } from "@kubeferry/model";
import { fitTitle } from "../fit-text.ts";
import type { CommitStatus } from "../platform.ts";
import type { Warnings } from "./warnings.ts";
import type { Settling } from "./wish.ts";

/** Sets the verdict on the newest commit, unless the host has the same already. */
export async function setStatusIfDifferent(settling: Settling, warnings: Warnings, call: Call): Promise<void> {
  const { host, open, want } = settling;
  const { platform, repo, info } = host;
  if (want.status === undefined || !info.can.commitStatus) return;
  const description = fitTitle(want.status.description, platform.limits.statusLength);
  const wanted: CommitStatus = { ...want.status, description, url: open.url };
  await warnings.unless("set the commit status", async () => {
    const present = await platform.getCommitStatus(repo, want.commit, wanted.context, call);
    if (present === undefined || differs(present, wanted)) {
      await platform.setCommitStatus(repo, want.commit, wanted, call);
    }
  });
}

function differs(present: CommitStatus, wanted: CommitStatus): boolean {
  return present.state !== wanted.state || present.description !== wanted.description || present.url !== wanted.url;
}
