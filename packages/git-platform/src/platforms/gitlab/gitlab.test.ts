import { inspect } from "node:util";
import { type Call, Secret, silentLog } from "@kubeferry/model";
import { afterEach, describe, expect, it } from "vitest";
import { openPlatform } from "../../open-platform.ts";
import { gitPlatformContract } from "../../platform.contract.ts";
import type { GitPlatform, PullRequest } from "../../platform.ts";
import { addRepository, commitId, type PullState, type RepositoryState } from "../../testing/stand-in/host-state.ts";
import { gitlabDriver } from "./gitlab.ts";
import { openGitLabHost } from "./testing/contract-host.ts";
import { type GitLabKind, type GitLabStandIn, OAUTH_TOKEN, startGitLab, TOKEN } from "./testing/stand-in.ts";

const call: Call = { signal: new AbortController().signal, log: silentLog };
const REPO = { owner: "acme/platform", name: "fleet" };
const WANT = { from: "kubeferry/main", to: "main", title: "Update shop", body: "3 objects\n", draft: false };
const NOTHING = { labels: [], reviewers: [], teamReviewers: [], assignees: [], milestone: undefined };
const COMMIT = commitId("kubeferry/main");

interface Place extends GitLabStandIn {
  readonly platform: GitPlatform;
  readonly project: RepositoryState;
}
const started: Place[] = [];

afterEach(async () => {
  for (const { platform, standIn } of started.splice(0)) {
    await platform.close();
    await standIn.close();
    expect(standIn.violations).toEqual([]);
  }
});

describe("GitLab as a host", () => {
  it("tells its version, whom the token speaks for, and the token's scopes", async () => {
    const { platform } = await start();
    expect(await platform.getHost(call)).toMatchObject({
      product: "GitLab 18.5.1-ee",
      user: "kubeferry-bot",
      scopes: ["api", "write_repository"],
      can: { labels: true, teamReviewers: false },
    });
  });

  it("takes an OAuth token as Bearer, whose scopes it does not tell", async () => {
    const { platform } = await start({}, OAUTH_TOKEN);
    expect(await platform.getHost(call)).toMatchObject({ user: "kubeferry-bot", scopes: undefined });
  });

  it("reads from the member's role whether the token may push", async () => {
    const { platform, project } = await start();
    expect((await platform.getRepository(REPO, call)).canPush).toBe(true);
    project.mayPush = false;
    expect((await platform.getRepository(REPO, call)).canPush).toBe(false);
  });
});

describe("a merge request", () => {
  it("keeps the mark of a draft when its title changes", async () => {
    const { platform, standIn } = await start();
    const open = await platform.createPullRequest(REPO, { ...WANT, draft: true }, call);
    const changed = await platform.updatePullRequest(open, { title: "Update shop and cart" }, call);
    expect(changed).toMatchObject({ title: "Update shop and cart", draft: true });
    expect(standIn.requests.at(-1)?.body).toEqual({ title: "Draft: Update shop and cart" });
  });

  it("does not obey its own text or its comments, and reads them back as they were written", async () => {
    const { platform, project } = await start();
    const body = "Names:\n/close\n/approve\nend";
    const open = await platform.createPullRequest(REPO, { ...WANT, body }, call);
    await platform.comment(open, "/close", call);
    expect(pullOf(project).state).toBe("open");
    expect(pullOf(project).body).toBe("Names:\n\\/close\n\\/approve\nend");
    expect((await platform.findOpenPullRequest(REPO, WANT, call))?.body).toBe(body);
    expect(await textsOf(platform, open)).toEqual(["/close"]);
  });

  it("is not opened for branches with the same commit, which GitLab itself would do", async () => {
    const { platform, project } = await start();
    project.branches.set("main", COMMIT);
    const opened = platform.createPullRequest(REPO, WANT, call);
    await expect(opened).rejects.toThrow("invalid: the two branches do not differ; there is nothing to merge");
    expect(project.pulls).toEqual([]);
  });

  it("of a fork with a branch of the same name is not taken for ours", async () => {
    const { platform } = await start({ fromFork: true });
    await platform.createPullRequest(REPO, WANT, call);
    expect(await platform.findOpenPullRequest(REPO, WANT, call)).toBeUndefined();
  });
});

describe("what is added to a merge request", () => {
  it("never makes a label, and leaves those of people where they are", async () => {
    const { platform, project, standIn } = await start();
    for (let number = 1; number <= 45; number += 1) project.labels.add(`label ${number}`);
    const open = await platform.createPullRequest(REPO, WANT, call);
    pullOf(project).labels.add("by hand");
    const refused = await platform.addToPullRequest(open, { ...NOTHING, labels: ["label 41", "lable 2"] }, call);
    expect(refused).toEqual([
      { what: "label", name: "lable 2", why: "neither the project nor a group above it has such a label" },
    ]);
    expect([...pullOf(project).labels]).toEqual(["by hand", "label 41"]);
    expect(standIn.requests.at(-1)?.body).toEqual({ add_labels: "label 41" });
  });

  it("keeps the reviewers that are there, and names users there are not", async () => {
    const { platform, project } = await start();
    const open = await platform.createPullRequest(REPO, WANT, call);
    pullOf(project).reviewers.add("grace");
    const add = { ...NOTHING, reviewers: ["Alan", "nobody"], assignees: ["linus"], milestone: "Q4" };
    project.milestones.set("Q4", 7);
    expect(await platform.addToPullRequest(open, add, call)).toEqual([
      { what: "reviewer", name: "nobody", why: "the host has no such user" },
    ]);
    expect([...pullOf(project).reviewers]).toEqual(["grace", "alan"]);
    expect([...pullOf(project).assignees]).toEqual(["linus"]);
    expect(pullOf(project).milestone).toBe("Q4");
  });

  it("says who was left out where a licence takes one reviewer only", async () => {
    const { platform, project } = await start({ premium: false });
    const open = await platform.createPullRequest(REPO, WANT, call);
    expect(await platform.addToPullRequest(open, { ...NOTHING, reviewers: ["grace", "alan"] }, call)).toEqual([
      { what: "reviewer", name: "alan", why: expect.stringContaining("GitLab Premium") },
    ]);
    expect([...pullOf(project).reviewers]).toEqual(["grace"]);
  });
});

describe("auto-merge", () => {
  it.each([
    ["18.5.1-ee", { auto_merge: true }],
    ["17.10.3", { merge_when_pipeline_succeeds: true }],
  ])("on GitLab %s waits until the host knows the commit, and is pinned to it", async (version, asked) => {
    const { platform, standIn, kind } = await start({ version, undecidedLooks: 1 });
    const open = await platform.createPullRequest(REPO, WANT, call);
    await platform.enableAutoMerge(open, { method: "squash", commit: COMMIT }, call);
    const { body } = standIn.requests.at(-1) ?? {};
    expect(body).toEqual({ ...asked, squash: true, sha: COMMIT, should_remove_source_branch: true });
    expect(kind.undecidedLooks).toBe(0);
  });

  it("by a method that is not the project's is refused before anything is asked", async () => {
    const { platform, standIn } = await start();
    const open = await platform.createPullRequest(REPO, WANT, call);
    const enabled = platform.enableAutoMerge(open, { method: "rebase", commit: COMMIT }, call);
    await expect(enabled).rejects.toThrow("invalid: the project does not merge by rebase; set pullRequest.autoMerge");
    expect(standIn.requests.map(({ method }) => method)).not.toContain("PUT");
  });

  it("counts as cancelled only when the request says so, whatever the answer was", async () => {
    const { platform, project, standIn } = await start();
    project.rules.set("main", { mayPush: false, requiredStatuses: ["kubeferry/validation"] });
    const open = await platform.createPullRequest(REPO, WANT, call);
    await platform.enableAutoMerge(open, { method: "default", commit: COMMIT }, call);
    const cancels = ({ path }: { path: string }) => path.endsWith("/cancel_merge_when_pipeline_succeeds");
    standIn.faults.misbehave({ fault: { type: "status", status: 201 }, matches: cancels });
    await expect(platform.cancelAutoMerge(open, call)).rejects.toThrow("conflict: it is still set to merge by itself");
    standIn.faults.behave();
    await platform.cancelAutoMerge(open, call);
    expect(pullOf(project).autoMerge).toBeUndefined();
  });

  it("that the token's user may not use is no problem of the token", async () => {
    const { platform, standIn } = await start();
    const open = await platform.createPullRequest(REPO, WANT, call);
    const merges = ({ path }: { path: string }) => path.endsWith("/merge");
    standIn.faults.misbehave({ fault: { type: "status", status: 401 }, matches: merges });
    const enabled = platform.enableAutoMerge(open, { method: "default", commit: COMMIT }, call);
    await expect(enabled).rejects.toThrow("denied: the token's user may not merge into this branch");
  });
});

it("an instance below a path is told from a group by the address of its API", async () => {
  const url = "https://example.com/gitlab/acme/platform/fleet.git";
  const apiUrl = "https://example.com/gitlab/api/v4";
  const { platform, repo } = await openPlatform({ platform: "gitlab", url, apiUrl, token: new Secret(TOKEN) });
  await platform.close();
  expect(repo).toEqual(REPO);
});

it("a commit status that is set again is fine, and another refusal is not", async () => {
  const { platform, standIn } = await start();
  const status = { context: "kubeferry/validation", state: "success", description: "ok", url: "https://h/1" } as const;
  await platform.setCommitStatus(REPO, COMMIT, status, call);
  await platform.setCommitStatus(REPO, COMMIT, status, call);
  expect(await platform.getCommitStatus(REPO, COMMIT, status.context, call)).toEqual(status);
  standIn.faults.misbehave({ fault: { type: "status", status: 400 }, matches: ({ method }) => method === "POST" });
  const failed = platform.setCommitStatus(REPO, COMMIT, { ...status, state: "failure" }, call);
  await expect(failed).rejects.toMatchObject({ kind: "invalid" });
});

it("nothing of the library that makes the requests is in an error, least of all the token", async () => {
  const { platform, standIn } = await start();
  standIn.faults.misbehave({ fault: { type: "status", status: 502 }, matches: ({ method }) => method === "POST" });
  const error: unknown = await platform.createPullRequest(REPO, WANT, call).catch((thrown: unknown) => thrown);
  const shown = inspect(error, { depth: 20, showHidden: true });
  expect(shown).toContain("unavailable: the host answered 502");
  expect(shown).not.toMatch(/gitbeaker/i);
  expect(shown).not.toContain(TOKEN);
  expect(standIn.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
});

async function start(differs: Partial<GitLabKind> = {}, token = TOKEN): Promise<Place> {
  const gitlab = await startGitLab(differs);
  const project = addRepository(gitlab.state, REPO.owner, REPO.name);
  project.branches.set(WANT.from, COMMIT);
  const apiUrl = `${gitlab.standIn.url}/api/v4`;
  const { platform } = gitlabDriver.create({ apiUrl, repo: REPO, token: new Secret(token) });
  const place = { ...gitlab, project, platform };
  started.push(place);
  return place;
}

function pullOf({ pulls }: RepositoryState): PullState {
  const [pull] = pulls;
  if (pull === undefined) throw new Error("no merge request is there");
  return pull;
}

async function textsOf(platform: GitPlatform, open: PullRequest): Promise<readonly string[]> {
  const texts: string[] = [];
  for await (const { text } of platform.listComments(open, call)) texts.push(text);
  return texts;
}

gitPlatformContract("GitLab, stood in for,", openGitLabHost, {
  branchRules: "GitLab requires a pipeline to succeed as a whole, and no status by its name",
});
