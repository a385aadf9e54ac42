import { describe, expect, it } from "vitest";
import type { MergeMethod, PullRequest } from "../../platform.ts";
import { addRepository, commitId, findPull, setStatus } from "../../testing/stand-in/host-state.ts";
import { serverOfTests } from "./testing/opened-server.ts";

const repo = { owner: "ACME", name: "fleet" };
const commit = commitId("kubeferry/main");
const context = "kubeferry/validation";
const server = serverOfTests();

describe("Bitbucket Data Center", () => {
  it.each([
    ["7.12.1", { draft: false, autoMerge: false, teamReviewers: false }],
    ["7.21.0", { draft: false, autoMerge: false, teamReviewers: true }],
    ["8.14.9", { draft: false, autoMerge: false, teamReviewers: true }],
    ["8.15.0", { draft: false, autoMerge: true, teamReviewers: true }],
    ["8.18.0", { draft: true, autoMerge: true, teamReviewers: true }],
    ["10.0.0", { draft: true, autoMerge: true, teamReviewers: true }],
  ])("can in version %s: %j", async (version, can) => {
    server().state.version = version;
    expect(await server().platform.getHost(server().call)).toMatchObject({
      product: `Bitbucket Data Center ${version}`,
      user: "robot",
      can: { ...can, labels: false, assignees: false, milestone: false, reviewers: true, commitStatus: true },
    });
  });

  it("has repositories that are empty, and archived ones", async () => {
    const empty = addRepository(server().state.host, "~ada", "new");
    empty.branches.clear();
    empty.archived = true;
    const found = await server().platform.getRepository({ owner: "~ada", name: "new" }, server().call);
    expect(found).toMatchObject({ empty: true, archived: true, defaultBranch: "main" });
  });

  it("says 401 to what a token may not do, which is told apart from one that is not accepted", async () => {
    const { platform, call, repository } = server();
    const open = await server().openRequest();
    await platform.comment(open, "ours", call);
    const [comment] = findPull(repository, open.number)?.comments ?? [];
    if (comment === undefined) throw new Error("no comment");
    Object.assign(comment, { author: "ada" });
    const theirs = { id: String(comment.id), text: "ours", author: "ada" };
    const refusal = platform.updateComment(open, theirs, "changed", call);
    await expect(refusal).rejects.toThrow(/denied: the token or user may not do this; .* Repository write/);
  });
});

describe("auto-merge on Bitbucket Data Center", () => {
  it.each([
    ["default", undefined],
    ["merge", "no-ff"],
    ["squash", "squash"],
    ["rebase", "rebase-no-ff"],
  ] as const)("with the method %s asks for the strategy %s, and is not asked for twice", async (method, strategyId) => {
    const open = await waiting();
    await enable(open, method);
    expect(setOn(open)).toEqual({ fromHash: commit, strategyId });
    const before = server().standIn.requests.length;
    await enable(open, method);
    expect(
      server()
        .standIn.requests.slice(before)
        .map((one) => one.method),
    ).not.toContain("POST");
    setStatus(server().repository, { commit, context, state: "SUCCESSFUL", description: "", url: "" });
    expect(findPull(server().repository, open.number)?.state).toBe("merged");
  });

  it("that is set another way is set anew", async () => {
    const open = await waiting();
    await enable(open, "merge");
    await enable(open, "squash");
    expect(setOn(open)).toMatchObject({ strategyId: "squash" });
  });

  it("is taken back, and taking it back again is fine", async () => {
    const open = await waiting();
    await enable(open, "default");
    await server().platform.cancelAutoMerge(open, server().call);
    await server().platform.cancelAutoMerge(open, server().call);
    expect(setOn(open)).toBeUndefined();
  });

  it.each([403, 404, 409])(
    "is not there to be taken back where %d says so, and is an error where it is",
    async (status) => {
      const open = await waiting();
      const { platform, call, standIn } = server();
      standIn.faults.misbehave({ fault: { type: "status", status }, matches: ({ method }) => method === "DELETE" });
      await platform.cancelAutoMerge(open, call);
      await enable(open, "default");
      await expect(platform.cancelAutoMerge(open, call)).rejects.toMatchObject({ status });
    },
  );

  it("is not asked for a commit that nobody of ours pushed", async () => {
    const open = await waiting();
    const how = { method: "default", commit: commitId("another") } as const;
    const refusal = server().platform.enableAutoMerge(open, how, server().call);
    await expect(refusal).rejects.toThrow("conflict: it has another newest commit; run again");
    expect(setOn(open)).toBeUndefined();
  });

  it("is refused where the repository has it switched off, or not this method, and for a draft", async () => {
    server().state.strategies = ["no-ff"];
    const open = await waiting();
    await expect(enable(open, "squash")).rejects.toThrow("invalid: the repository does not allow the method squash");
    server().repository.allowsAutoMerge = false;
    await expect(enable(open, "merge")).rejects.toThrow("invalid: the repository has auto-merge switched off");
    await server().platform.closePullRequest(open, server().call);
    const draft = await server().openRequest({ draft: true });
    await expect(enable(draft, "merge")).rejects.toThrow("invalid: it is a draft");
  });
});

describe("a build status on Bitbucket Data Center", () => {
  const status = { context, state: "failure", description: "2 problems", url: "https://ci.example.com/1" } as const;

  it.each([["9.4.0"], ["7.13.2"]])("is set and read in version %s", async (version) => {
    const { platform, call, state } = server();
    state.version = version;
    expect(await platform.getCommitStatus(repo, commit, context, call)).toBeUndefined();
    await platform.setCommitStatus(repo, commit, status, call);
    expect(await platform.getCommitStatus(repo, commit, context, call)).toEqual(status);
    expect(await platform.getCommitStatus(repo, commit, "another", call)).toBeUndefined();
  });

  it("goes by its name for a merge check of required builds", async () => {
    const { platform, call, standIn } = server();
    await platform.setCommitStatus(repo, commit, status, call);
    expect(standIn.requests.at(-1)?.body).toMatchObject({ key: context, parent: context });
  });

  it("of a missing repository is not said to be absent", async () => {
    const missing = { owner: "ACME", name: "nowhere" };
    const found = server().platform.getCommitStatus(missing, commit, context, server().call);
    await expect(found).rejects.toMatchObject({ kind: "not-found" });
  });
});

describe("what protects a branch on Bitbucket Data Center", () => {
  it("is told to administrators, by name or pattern", async () => {
    const { repository } = server();
    for (const branch of ["release/1.0", "hotfix/team/1"]) repository.branches.set(branch, commitId(branch));
    repository.rules.set("release/*", { mayPush: false, requiredStatuses: [context, "build"] });
    repository.rules.set("main", { mayPush: true, requiredStatuses: [] });
    repository.rules.set("hotfix/**", { mayPush: false, requiredStatuses: [] });
    expect(await rules("release/1.0")).toEqual({
      protected: true,
      mayPush: false,
      requiredStatuses: ["build", context],
    });
    expect(await rules("main")).toEqual({ protected: true, mayPush: undefined, requiredStatuses: [] });
    expect(await rules("hotfix/team/1")).toMatchObject({ protected: true, mayPush: false });
    expect(await rules("kubeferry/main")).toEqual({ protected: false, mayPush: undefined, requiredStatuses: [] });
    await expect(rules("nowhere")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("is not known where the branching model decides", async () => {
    server().repository.rules.set("model:development", { mayPush: false, requiredStatuses: [] });
    expect(await rules("main")).toMatchObject({ protected: undefined, mayPush: undefined });
  });

  it("is half known to others: the builds it demands", async () => {
    server().state.admin = false;
    server().repository.rules.set("main", { mayPush: false, requiredStatuses: [context] });
    expect(await rules("main")).toEqual({ protected: undefined, mayPush: undefined, requiredStatuses: [context] });
  });
});

/** A request whose base demands a status that is not there yet. */
async function waiting(): Promise<PullRequest> {
  server().repository.rules.set("main", { mayPush: false, requiredStatuses: [context] });
  return server().openRequest();
}

async function enable(open: PullRequest, method: MergeMethod): Promise<void> {
  await server().platform.enableAutoMerge(open, { method, commit }, server().call);
}

function setOn({ number }: PullRequest) {
  const pull = findPull(server().repository, number);
  return pull === undefined ? undefined : server().state.autoMerges.get(pull);
}

async function rules(branch: string) {
  return server().platform.getBranchRules(repo, branch, server().call);
}
