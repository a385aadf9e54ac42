import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PullRequestAdditions } from "../../platform.ts";
import { createGitHub } from "./github.ts";
import { CALL, type OpenedGitHub, openGitHub, REPO } from "./testing/open-github.ts";

const NOTHING: PullRequestAdditions = {
  labels: [],
  reviewers: [],
  teamReviewers: [],
  assignees: [],
  milestone: undefined,
};

describe("GitHub's own rules", () => {
  let github: OpenedGitHub;
  beforeEach(async () => {
    github = await openGitHub();
  });
  afterEach(() => github.close());

  const add = async (given: Partial<PullRequestAdditions>) => {
    const open = await github.request();
    return github.platform.addToPullRequest(open, { ...NOTHING, ...given }, CALL);
  };

  it("a label is known whatever its case, and one that there is not is not made", async () => {
    github.repository.labels.add("Backup");
    expect(await add({ labels: ["backup", "no such"] })).toEqual([
      { what: "label", name: "no such", why: "the repository has no such label" },
    ]);
    expect([...github.repository.labels]).toEqual(["Backup"]);
    expect([...(github.repository.pulls[0]?.labels ?? [])]).toEqual(["Backup"]);
  });

  it("a label on the third page of the repository's labels is found", async () => {
    for (let number = 1; number <= 60; number += 1) github.repository.labels.add(`label-${number}`);
    expect(await add({ labels: ["label-60"] })).toEqual([]);
  });

  it("one reviewer who is not taken spoils no other: each is asked for alone then", async () => {
    const refused = await add({ reviewers: ["grace", "ada"], teamReviewers: ["reviewers", "elsewhere/reviewers"] });
    expect(refused.map(({ what, name }) => `${what} ${name}`)).toEqual(["team elsewhere/reviewers", "reviewer ada"]);
    expect([...(github.repository.pulls[0]?.reviewers ?? [])]).toEqual(["grace"]);
    expect([...(github.repository.pulls[0]?.teams ?? [])]).toEqual(["reviewers"]);
    expect(github.sent().filter((line) => line.endsWith("/requested_reviewers"))).toHaveLength(4);
  });

  it("reviewers who are all taken are asked for at once", async () => {
    await add({ reviewers: ["grace", "alan"], teamReviewers: ["acme/reviewers"] });
    expect(github.sent().filter((line) => line.endsWith("/requested_reviewers"))).toHaveLength(1);
  });

  it("an assignee whom GitHub leaves out without a word is named", async () => {
    const twelve = Array.from({ length: 12 }, (_, index) => `person-${index + 1}`);
    for (const name of twelve) github.state.users.add(name);
    const refused = await add({ assignees: ["nobody", ...twelve] });
    expect(refused.map(({ name }) => name)).toEqual(["nobody", "person-11", "person-12"]);
  });

  it("a draft is refused in words where the plan has none", async () => {
    github.state.settings.set(github.repository, { draftsAllowed: false });
    github.repository.branches.set("a", "a".repeat(40));
    const want = { from: "a", to: "main", title: "t", body: "", draft: true };
    await expect(github.platform.createPullRequest(REPO, want, CALL)).rejects.toThrow(
      "github: open pull request acme/fleet a -> main: invalid: this repository has no draft requests",
    );
  });

  it("an empty repository is told from a small one, and only where it looks empty is it asked for", async () => {
    const look = async () => (await github.platform.getRepository(REPO, CALL)).empty;
    expect(await look()).toBe(false);
    expect(github.sent()).toEqual(["GET /repos/acme/fleet"]);
    github.state.settings.set(github.repository, { size: 0 });
    expect(await look()).toBe(false);
    github.repository.branches.clear();
    expect(await look()).toBe(true);
  });

  it("rules of branch protection and of rulesets count alike", async () => {
    const rules = () => github.platform.getBranchRules(REPO, "main", CALL);
    expect(await rules()).toEqual({ protected: false, mayPush: undefined, requiredStatuses: [] });
    github.state.settings.set(github.repository, { rulesets: ["ci/test", "kubeferry/validation"] });
    expect(await rules()).toMatchObject({ protected: true, requiredStatuses: ["ci/test", "kubeferry/validation"] });
    github.repository.rules.set("main", { mayPush: false, requiredStatuses: ["lint", "ci/test"] });
    expect((await rules()).requiredStatuses).toEqual(["ci/test", "kubeferry/validation", "lint"]);
  });

  it("a server without rulesets has the rules of branch protection", async () => {
    github.repository.rules.set("main", { mayPush: false, requiredStatuses: ["lint"] });
    github.standIn.faults.misbehave({
      fault: { type: "status", status: 404 },
      matches: ({ path }) => path.includes("/rules/"),
    });
    const rules = await github.platform.getBranchRules(REPO, "main", CALL);
    expect(rules).toEqual({ protected: true, mayPush: undefined, requiredStatuses: ["lint"] });
  });

  it("a status is found among more than a page of them, and a commit that was not pushed is not-found", async () => {
    await github.request();
    const commit = github.repository.branches.get("kubeferry/main") ?? "";
    const status = { state: "success", description: "", url: "https://example.com/" } as const;
    for (let number = 1; number <= 60; number += 1) {
      await github.platform.setCommitStatus(REPO, commit, { ...status, context: `ci/${number}` }, CALL);
    }
    const found = await github.platform.getCommitStatus(REPO, commit, "ci/1", CALL);
    expect(found).toEqual({ ...status, context: "ci/1" });
    const missing = github.platform.getCommitStatus(REPO, "0".repeat(40), "ci/1", CALL);
    await expect(missing).rejects.toMatchObject({ kind: "not-found" });
  });

  it("a repository that may only be read says so in words", async () => {
    const open = await github.request();
    github.repository.archived = true;
    await expect(github.platform.comment(open, "x", CALL)).rejects.toThrow("denied: the repository is archived");
  });
});

it("a request of a fork, or into another branch, is not ours, though a filter that GitHub cannot read lets it come", async () => {
  const pull = (number: number, base: string, head: { readonly id: number } | null) => ({
    number,
    html_url: `https://github.com/acme/fleet/pull/${number}`,
    title: "t",
    body: null,
    state: "open",
    head: { ref: "kubeferry/main", repo: head },
    base: { ref: base, repo: { id: 1 } },
  });
  const open = [
    pull(1, "develop", { id: 1 }),
    pull(2, "main", { id: 2 }),
    pull(3, "main", null),
    pull(4, "main", { id: 1 }),
  ];
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(open));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { platform } = createGitHub({ apiUrl, repo: REPO }, { paced: false, now: Date.now });
  const found = await platform.findOpenPullRequest(REPO, { from: "kubeferry/main", to: "main" }, CALL);
  await platform.close();
  await new Promise((resolve) => server.close(resolve));
  expect(found).toMatchObject({ number: 4, draft: false, body: "", labels: [] });
});
