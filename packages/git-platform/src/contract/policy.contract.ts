import { expect, it } from "vitest";
import { holdAutoMerge } from "../ensure/auto-merge.ts";
import type { PullRequestWish } from "../ensure/wish.ts";
import { closePullRequest, ensurePullRequest } from "../ensure-pull-request.ts";
import type { GitPlatform } from "../platform.ts";
import { PlatformError } from "../platform-error.ts";
import {
  call,
  expectKind,
  NOTHING,
  openRequest,
  recordingCall,
  type Suite,
  WANT,
  WISH,
  withBranches,
  writesDuring,
} from "./suite.contract.ts";

/** What the policy makes of a host: one request, with what belongs to it. */
export function policyTests(suite: Suite): void {
  it("ensures one request: created, then unchanged without a writing request, then updated in what differs", async () => {
    const place = await withBranches(suite, WANT.from);
    const host = suite.prepared(place.repo);
    const first = await ensurePullRequest(host, WISH, call());
    expect(first).toMatchObject({ outcome: "created", warnings: [] });
    const quiet = await writesDuring(suite, () => ensurePullRequest(host, WISH, call()));
    expect(quiet).toEqual({ result: { ...first, outcome: "unchanged" }, writes: [] });
    const loud = await writesDuring(suite, () => ensurePullRequest(host, { ...WISH, body: "4 objects\n" }, call()));
    expect(loud.result).toEqual({ ...first, outcome: "updated" });
    expect(loud.writes).toHaveLength(1);
    const open = await openRequest(suite, place.repo);
    expect(open).toMatchObject({ title: WANT.title, body: expect.stringMatching(/^4/) });
  });

  it("takes over the request that another run opened between the look and the opening", async () => {
    const place = await withBranches(suite, WANT.from);
    const theirs = await suite.platform().createPullRequest(place.repo, { ...WANT, title: "Theirs" }, call());
    const late = { ...suite.prepared(place.repo), platform: blindAtFirst(suite.platform()) };
    const result = await ensurePullRequest(late, WISH, call());
    expect(result).toMatchObject({ outcome: "updated", pullRequest: { url: theirs.url, number: theirs.number } });
  });

  it("ends with one request when two runs are at it at once", async () => {
    const place = await withBranches(suite, WANT.from);
    const run = () => ensurePullRequest(suite.prepared(place.repo), WISH, call());
    const [one, other] = await Promise.all([run(), run()]);
    expect(one.pullRequest).toEqual(other.pullRequest);
    expect((await openRequest(suite, place.repo)).number).toBe(one.pullRequest.number);
  });

  it("adds what belongs to the request when it opens it, and warns of what the host does not take", async () => {
    const { can } = suite.info();
    const place = await withBranches(suite, WANT.from);
    await place.label("backup");
    await place.milestone("Release 1");
    const { users, team } = suite.host().people;
    const additions = {
      labels: ["backup"],
      reviewers: [users[0], "no-such-person"],
      teamReviewers: team === undefined ? [] : [team],
      assignees: [users[1]],
      milestone: "Release 1",
    };
    const log = recordingCall();
    const wish = { ...WISH, draft: true, additions };
    const { outcome, warnings, pullRequest } = await ensurePullRequest(suite.prepared(place.repo), wish, log.call);
    expect(outcome).toBe("created");
    const looked = await place.look(pullRequest.number);
    expect(looked).toMatchObject({
      draft: can.draft,
      labels: can.labels ? ["backup"] : [],
      reviewers: can.reviewers ? [users[0]] : [],
      assignees: can.assignees ? [users[1]] : [],
      milestone: can.milestone ? "Release 1" : undefined,
    });
    expect(looked.teams).toHaveLength(can.teamReviewers ? 1 : 0);
    expect(warnings).toEqual(
      can.reviewers ? [expect.stringMatching(/^the reviewer "no-such-person" was left out: \w/)] : [],
    );
    expect(JSON.stringify(log.lines)).toContain(can.reviewers ? "no-such-person" : "");
  });

  it("adds a label that is missing later, and leaves people, milestone and draft as they are", async (context) => {
    suite.needs(context, "labels");
    const place = await withBranches(suite, WANT.from);
    for (const label of ["backup", "theirs"]) await place.label(label);
    const host = suite.prepared(place.repo);
    const { pullRequest } = await ensurePullRequest(host, WISH, call());
    const open = await openRequest(suite, place.repo);
    await suite.platform().addToPullRequest(open, { ...NOTHING, labels: ["theirs"] }, call());
    const [reviewer] = suite.host().people.users;
    const additions = { ...NOTHING, labels: ["backup"], reviewers: [reviewer], assignees: [reviewer] };
    const wish = { ...WISH, draft: true, additions };
    expect(await ensurePullRequest(host, wish, call())).toMatchObject({ outcome: "updated", warnings: [] });
    const looked = await place.look(pullRequest.number);
    expect([...looked.labels].sort()).toEqual(["backup", "theirs"]);
    expect(looked).toMatchObject({ draft: false, reviewers: [], assignees: [] });
    const quiet = await writesDuring(suite, () => ensurePullRequest(host, wish, call()));
    expect(quiet).toMatchObject({ result: { outcome: "unchanged" }, writes: [] });
  });

  it("keeps the request when nothing beside it can be had, with a warning each", async () => {
    const place = await withBranches(suite, WANT.from);
    const can = { ...suite.info().can, labels: true, commitStatus: true, autoMerge: true };
    const host = { platform: refusingBeside(suite.platform()), repo: place.repo, info: { ...suite.info(), can } };
    const status = { context: "kubeferry/validation", state: "success", description: "fine" } as const;
    const additions = { ...NOTHING, labels: ["backup"] };
    const wish: PullRequestWish = { ...WISH, additions, status, autoMerge: "merge", pushed: true };
    const result = await ensurePullRequest(host, wish, call());
    expect(result).toMatchObject({
      outcome: "created",
      warnings: [
        expect.stringMatching(/^could not add labels and people: .*denied/),
        expect.stringMatching(/^could not set the commit status: .*denied/),
        expect.stringMatching(/^could not have it merged by itself: .*denied/),
      ],
    });
    expect(await ensurePullRequest(host, wish, call())).toMatchObject({ ...result, outcome: "unchanged" });
  });

  it("sets the commit status with a link to the request, and not again when it is the same", async (context) => {
    suite.needs(context, "commitStatus");
    const place = await withBranches(suite, WANT.from);
    const host = suite.prepared(place.repo);
    const commit = await place.commitOf(WANT.from);
    const status = { context: "kubeferry/validation", state: "failure", description: "ü".repeat(5_000) } as const;
    const { pullRequest } = await ensurePullRequest(host, { ...WISH, commit, status }, call());
    const read = () => suite.platform().getCommitStatus(place.repo, commit, status.context, call());
    expect(await read()).toMatchObject({
      state: "failure",
      description: expect.stringMatching(/ü…$/),
      url: pullRequest.url,
    });
    const again = () => ensurePullRequest(host, { ...WISH, commit, status }, call());
    expect(await writesDuring(suite, again)).toMatchObject({ result: { outcome: "unchanged" }, writes: [] });
    const success = { ...status, state: "success" } as const;
    await ensurePullRequest(host, { ...WISH, commit, status: success }, call());
    expect(await read()).toMatchObject({ state: "success" });
  });

  it("has the host merge what is new by itself, never what removes something", async (context) => {
    suite.needs(context, "autoMerge");
    const place = await withBranches(suite, WANT.from);
    await place.protect("main", ["ci/test"]);
    const host = suite.prepared(place.repo);
    const commit = await place.commitOf(WANT.from);
    const wish: PullRequestWish = { ...WISH, commit, pushed: true, autoMerge: "merge" };
    const { pullRequest } = await ensurePullRequest(host, { ...wish, removes: true }, call());
    const autoMerge = async () => (await place.look(pullRequest.number)).autoMerge;
    expect(await autoMerge()).not.toBe(true);
    const quiet = await writesDuring(suite, () => ensurePullRequest(host, { ...wish, pushed: false }, call()));
    expect(quiet.writes).toEqual([]);
    await ensurePullRequest(host, wish, call());
    expect(await autoMerge()).not.toBe(false);
    await ensurePullRequest(host, { ...wish, removes: true }, call());
    expect(await autoMerge()).not.toBe(true);
    await ensurePullRequest(host, wish, call());
    await holdAutoMerge(host, WANT, call());
    expect(await autoMerge()).not.toBe(true);
    await holdAutoMerge(host, WANT, call());
    await holdAutoMerge(host, { ...WANT, from: "no-request" }, call());
    const state = "success" as const;
    const status = { context: "ci/test", state, description: "", url: pullRequest.url };
    await suite.platform().setCommitStatus(place.repo, commit, status, call());
    expect((await place.look(pullRequest.number)).state).toBe("open");
  });

  it("stops a run that removes when the host cannot be kept from merging", async () => {
    const place = await withBranches(suite, WANT.from);
    await ensurePullRequest(suite.prepared(place.repo), WISH, call());
    const info = { ...suite.info(), can: { ...suite.info().can, autoMerge: true } };
    const host = { platform: refusingBeside(suite.platform()), repo: place.repo, info };
    await expectKind(holdAutoMerge(host, WANT, call()), "denied");
    await expectKind(ensurePullRequest(host, { ...WISH, pushed: true, removes: true }, call()), "denied");
  });

  it("closes the open request with a comment that says why, and has nothing to do the second time", async () => {
    const place = await withBranches(suite, WANT.from);
    const host = suite.prepared(place.repo);
    const { pullRequest } = await ensurePullRequest(host, WISH, call());
    const close = { from: WANT.from, to: "main", reason: "nothing is left to propose" };
    expect(await closePullRequest(host, close, call())).toEqual({ outcome: "closed", pullRequest, warnings: [] });
    expect(await place.look(pullRequest.number)).toMatchObject({ state: "closed", comments: [close.reason] });
    expect(await closePullRequest(host, close, call())).toBeUndefined();
  });
}

/** A platform that sees no request the first time it is asked, as a run that was a moment too early. */
function blindAtFirst(platform: GitPlatform): GitPlatform {
  const asked = { times: 0 };
  return {
    ...platform,
    async findOpenPullRequest(repo, branches, at) {
      asked.times += 1;
      return asked.times === 1 ? undefined : platform.findOpenPullRequest(repo, branches, at);
    },
  };
}

/** A platform whose token may open requests and do nothing beside. */
function refusingBeside(platform: GitPlatform): GitPlatform {
  const refuse = async () => {
    throw new PlatformError({ kind: "denied", who: platform.id, operation: "do it", problem: "not allowed" });
  };
  return {
    ...platform,
    addToPullRequest: refuse,
    getCommitStatus: refuse,
    setCommitStatus: refuse,
    enableAutoMerge: refuse,
    cancelAutoMerge: refuse,
  };
}
