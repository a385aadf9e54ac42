import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PullRequest } from "../../platform.ts";
import { commitId, mergePull } from "../../testing/stand-in/host-state.ts";
import { CALL, type OpenedGitHub, openGitHub } from "./testing/open-github.ts";

const FROM = "kubeferry/main";
const COMMIT = commitId(FROM);
const RULE = { mayPush: false, requiredStatuses: ["kubeferry/validation"] };

describe("auto-merge on GitHub", () => {
  let github: OpenedGitHub;
  let open: PullRequest;
  beforeEach(async () => {
    github = await openGitHub();
    open = await github.request(FROM);
  });
  afterEach(() => github.close());

  const enable = (method: "default" | "merge" | "squash" | "rebase" = "default", commit = COMMIT) =>
    github.platform.enableAutoMerge(open, { method, commit }, CALL);
  const pull = () => github.repository.pulls[0];

  it("is set by the method that the repository shows first, or by the one that is named", async () => {
    github.repository.rules.set("main", RULE);
    github.state.settings.set(github.repository, { mergeCommitAllowed: false });
    await enable();
    expect(pull()?.autoMerge).toEqual({ method: "SQUASH", user: "ada" });
    await enable("rebase");
    expect(pull()?.autoMerge?.method).toBe("REBASE");
    const before = github.sent().length;
    await enable("rebase");
    expect(github.sent().slice(before)).toEqual(["POST /graphql"]);
  });

  it("is a merge at once, of the commit that was pushed, where the rules are met already", async () => {
    await enable("squash");
    expect(pull()?.state).toBe("merged");
    expect([...github.repository.branches.keys()]).toEqual(["main"]);
    expect(github.standIn.requests.find(({ method }) => method === "PUT")?.body).toEqual({
      merge_method: "squash",
      sha: COMMIT,
    });
    await enable("squash");
  });

  it("is done when the answer to the merge was lost, which is sent again and refused then", async () => {
    const answerIsLost = ({ method }: { readonly method: string }) => {
      const [request] = github.repository.pulls;
      if (method === "PUT" && request !== undefined) mergePull(github.repository, request);
      return method === "PUT";
    };
    github.standIn.faults.misbehave({ fault: { type: "cut" }, times: 1, matches: answerIsLost });
    await enable();
    expect(github.sent().filter((line) => line.startsWith("PUT"))).toHaveLength(2);
    expect([...github.repository.branches.keys()]).toEqual(["main"]);
  });

  it("leaves the branch to a repository that deletes merged ones by itself", async () => {
    github.state.settings.set(github.repository, { deleteBranchOnMerge: true });
    await enable();
    expect(github.sent().filter((line) => line.startsWith("DELETE"))).toEqual([]);
  });

  it.each([
    ["a head that moved", { commit: "0".repeat(40) }, "conflict: the branch moved after it was pushed"],
    ["a method that is not allowed", { method: "rebase" }, "invalid: the repository does not allow the method rebase"],
    [
      "a repository that does not allow it",
      { allows: false },
      'invalid: the repository does not allow auto-merge; switch on "Allow auto-merge"',
    ],
    ["a branch with a merge queue", { queue: true }, "invalid: the branch is merged by a merge queue"],
    [
      "a check that failed and is not required",
      { unstable: true },
      "invalid: nothing that is required is missing, but a check",
    ],
    ["a draft", { draft: true }, "invalid: the request is a draft"],
    ["a closed request", { closed: true }, "conflict: the request is closed"],
  ] as const)("is refused for %s, and nothing is merged", async (_what, given: Given, message) => {
    github.repository.rules.set("main", RULE);
    github.repository.allowsAutoMerge = given.allows ?? true;
    const { queue: mergeQueue = false, unstable = false } = given;
    github.state.settings.set(github.repository, { rebaseMergeAllowed: false, mergeQueue, unstable });
    const [first] = github.repository.pulls;
    if (first !== undefined) first.draft = given.draft ?? false;
    if (first !== undefined && given.closed === true) first.state = "closed";
    await expect(enable(given.method, given.commit)).rejects.toThrow(message);
    expect(pull()?.state).not.toBe("merged");
    expect(pull()?.autoMerge).toBeUndefined();
  });

  it("is denied to a token without rights", async () => {
    github.repository.rules.set("main", RULE);
    github.repository.mayPush = false;
    await expect(enable()).rejects.toMatchObject({ kind: "denied" });
  });

  it("cannot be taken back from a request that waits in a merge queue: nothing must be pushed then", async () => {
    github.state.settings.set(github.repository, { queued: [open.number] });
    await expect(github.platform.cancelAutoMerge(open, CALL)).rejects.toThrow(
      "conflict: the request waits in the merge queue; take it out of the queue",
    );
  });

  it("is an error where GitHub refuses to take it back and has it still", async () => {
    github.repository.rules.set("main", RULE);
    await enable();
    github.state.settings.set(github.repository, { keepsAutoMerge: true });
    await expect(github.platform.cancelAutoMerge(open, CALL)).rejects.toThrow("conflict: GitHub does not take it back");
    expect(pull()?.autoMerge).toBeDefined();
  });

  it("says not-found for a request that is not there", async () => {
    const missing = github.platform.cancelAutoMerge({ ...open, number: 99 }, CALL);
    await expect(missing).rejects.toMatchObject({ kind: "not-found" });
  });
});

interface Given {
  readonly commit?: string;
  readonly method?: "rebase";
  readonly allows?: boolean;
  readonly queue?: boolean;
  readonly unstable?: boolean;
  readonly draft?: boolean;
  readonly closed?: boolean;
}
