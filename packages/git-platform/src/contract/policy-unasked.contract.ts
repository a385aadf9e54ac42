import { expect, it } from "vitest";
import type { PullRequestWish } from "../ensure/wish.ts";
import { ensurePullRequest } from "../ensure-pull-request.ts";
import { leavePullRequest } from "../leave-pull-request.ts";
import type { GitPlatform } from "../platform.ts";
import { call, openRequest, type Suite, WANT, WISH, withBranches, writesDuring } from "./suite.contract.ts";

/** What the policy does not ask of a host: what is people's by now, and what the host cannot do. */
export function policyUnaskedTests(suite: Suite): void {
  it("leaves a request as people wrote it, but for the commit status, and opens one that is missing", async () => {
    const place = await withBranches(suite, WANT.from);
    const host = suite.prepared(place.repo);
    const commit = await place.commitOf(WANT.from);
    const status = { context: "kubeferry/validation", state: "success", description: "fine" } as const;
    const wish: PullRequestWish = { ...WISH, commit };
    const opened = await leavePullRequest(host, wish, call());
    expect(opened).toMatchObject({ outcome: "created", warnings: [] });
    const theirs = { title: "Theirs", body: "written by people" };
    await suite.platform().updatePullRequest(await openRequest(suite, place.repo), theirs, call());

    const left = () => leavePullRequest(host, { ...wish, status }, call());
    expect(await left()).toEqual({ ...opened, outcome: "unchanged" });
    expect(await openRequest(suite, place.repo)).toMatchObject({
      title: theirs.title,
      body: expect.stringMatching(/^written by people\s*$/),
    });
    if (suite.info().can.commitStatus) {
      expect(await suite.platform().getCommitStatus(place.repo, commit, status.context, call())).toMatchObject(status);
    }
    expect((await writesDuring(suite, left)).writes).toEqual([]);
  });

  it("asks nothing of a host that it says it cannot do", async () => {
    const place = await withBranches(suite, WANT.from);
    const can = { ...suite.info().can };
    for (const each of Object.keys(can) as (keyof typeof can)[]) can[each] = false;
    const asked: string[] = [];
    const host = { platform: noting(suite.platform(), asked), repo: place.repo, info: { ...suite.info(), can } };
    const [reviewer] = suite.host().people.users;
    const wish: PullRequestWish = {
      ...WISH,
      draft: true,
      additions: {
        labels: ["backup"],
        reviewers: [reviewer],
        teamReviewers: ["platform"],
        assignees: [reviewer],
        milestone: "Release 1",
      },
      commit: await place.commitOf(WANT.from),
      pushed: true,
      autoMerge: "default",
      status: { context: "kubeferry/validation", state: "success", description: "fine" },
    };
    expect(await ensurePullRequest(host, wish, call())).toMatchObject({ outcome: "created", warnings: [] });
    expect(await ensurePullRequest(host, { ...wish, removes: true }, call())).toMatchObject({ outcome: "unchanged" });
    expect(asked).toEqual(["create, draft: false"]);
  });
}

/** A platform that notes what it is asked beyond finding and changing requests. */
function noting(platform: GitPlatform, asked: string[]): GitPlatform {
  return {
    ...platform,
    createPullRequest(repo, want, at) {
      asked.push(`create, draft: ${want.draft}`);
      return platform.createPullRequest(repo, { ...want, draft: false }, at);
    },
    async addToPullRequest() {
      asked.push("add");
      return [];
    },
    async getCommitStatus() {
      asked.push("read a status");
      return undefined;
    },
    async setCommitStatus() {
      asked.push("set a status");
    },
    async enableAutoMerge() {
      asked.push("merge by itself");
    },
    async cancelAutoMerge() {
      asked.push("do not merge by itself");
    },
  };
}
