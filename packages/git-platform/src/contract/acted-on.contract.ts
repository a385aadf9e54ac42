import type { ActedOn } from "./methods.contract.ts";
import { call, commentsOn, type Suite, WANT, withBranches } from "./suite.contract.ts";

/** A repository in which every method has something to do. */
export async function actedOn(suite: Suite): Promise<ActedOn> {
  const place = await withBranches(suite, WANT.from, "free");
  await place.label("backup");
  const platform = suite.platform();
  const open = await platform.createPullRequest(place.repo, WANT, call());
  await platform.comment(open, "a comment", call());
  const [comment] = await commentsOn(platform, open, call());
  if (comment === undefined) throw new Error("the comment is not listed");
  const commit = await place.commitOf(WANT.from);
  return { repo: place.repo, open, comment, commit, free: "free", label: "backup" };
}
