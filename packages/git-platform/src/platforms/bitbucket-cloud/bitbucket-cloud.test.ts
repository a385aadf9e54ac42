import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { addRepository, commitId, openPull } from "../../testing/stand-in/host-state.ts";
import { bitbucketCloudDriver } from "./bitbucket-cloud.ts";
import { cloudOfTests } from "./testing/opened-cloud.ts";

const repo = { owner: "acme", name: "fleet" };
const cloud = cloudOfTests();

describe("a pull request on Bitbucket Cloud", () => {
  it("is not opened twice, although Bitbucket would change the first one", async () => {
    const { openRequest, repository } = cloud();
    await openRequest();
    await expect(openRequest()).rejects.toThrow("conflict: #1 is open for these branches");
    expect(repository.pulls.map(({ title }) => title)).toEqual(["Update shop"]);
  });

  it("from a fork's branch of the same name is not taken for ours", async () => {
    const { platform, call, state, repository } = cloud();
    const theirs = { from: "kubeferry/main", to: "main", title: "Theirs", body: "", draft: false, author: "mallory" };
    const fork = openPull(repository, theirs);
    if (typeof fork === "string") throw new Error(fork);
    state.fromForks.add(fork);
    expect(await platform.findOpenPullRequest(repo, { from: "kubeferry/main", to: "main" }, call)).toBeUndefined();
  });

  it("is found by branches whose names hold what a filter would misread", async () => {
    const { platform, call, repository } = cloud();
    const from = 'a" OR state = "MERGED';
    repository.branches.set(from, commitId(from));
    const want = { from, to: "main", title: "t", body: "", draft: false };
    const { number } = await platform.createPullRequest(repo, want, call);
    expect(await platform.findOpenPullRequest(repo, { from, to: "main" }, call)).toMatchObject({ number, from });
  });

  it("is not looked for on another host, where an answer says that the next page is", async () => {
    const server = createServer((_, response) => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ values: [], next: "https://elsewhere.example.com/2.0/page" }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/2.0`;
    const { platform } = bitbucketCloudDriver.create({ apiUrl, repo });
    const found = platform.findOpenPullRequest(repo, { from: "a", to: "b" }, cloud().call);
    await expect(found).rejects.toThrow(/the next page lies on another host \(https:\/\/elsewhere\.example\.com\)/);
    await platform.close();
    await new Promise((resolve) => server.close(resolve));
  });
});

describe("a build status on Bitbucket Cloud", () => {
  it("of a long name has a short key of its own, by which it is found again", async () => {
    const { platform, call, repository } = cloud();
    const commit = commitId("kubeferry/main");
    const contexts = ["kubeferry/validation of everything in here", "kubeferry/validation of everything in there"];
    const [here = "", there = ""] = contexts;
    const status = {
      context: here,
      state: "failure",
      description: "2 problems",
      url: "https://ci.example.com/1",
    } as const;
    await platform.setCommitStatus(repo, commit, status, call);
    expect(await platform.getCommitStatus(repo, commit, here, call)).toEqual(status);
    expect(await platform.getCommitStatus(repo, commit, there, call)).toBeUndefined();
    expect(repository.statuses.map(({ context }) => context)).toEqual([
      expect.stringMatching(/^kubeferry\/validation of eve-[0-9a-f]{12}$/),
    ]);
  });
});

describe("what protects a branch on Bitbucket Cloud", () => {
  it("is told to administrators, by name or pattern", async () => {
    const { platform, call, repository } = cloud();
    repository.branches.set("release/1.0", commitId("1.0"));
    repository.rules.set("release*", { mayPush: false, requiredStatuses: [] });
    repository.rules.set("main", { mayPush: true, requiredStatuses: [] });
    const rules = (branch: string) => platform.getBranchRules(repo, branch, call);
    expect(await rules("release/1.0")).toEqual({ protected: true, mayPush: false, requiredStatuses: [] });
    expect(await rules("main")).toEqual({ protected: true, mayPush: undefined, requiredStatuses: [] });
    expect(await rules("kubeferry/main")).toEqual({ protected: false, mayPush: undefined, requiredStatuses: [] });
    await expect(rules("nowhere")).rejects.toMatchObject({ kind: "not-found" });
  });

  it("is not known to others", async () => {
    const { platform, call, state } = cloud();
    state.admin = false;
    const unknown = { protected: undefined, mayPush: undefined, requiredStatuses: [] };
    expect(await platform.getBranchRules(repo, "main", call)).toEqual(unknown);
  });
});

describe("a repository on Bitbucket Cloud", () => {
  it("without a branch is empty", async () => {
    const { platform, call, state } = cloud();
    addRepository(state.host, "acme", "new").branches.clear();
    const found = await platform.getRepository({ owner: "acme", name: "new" }, call);
    expect(found).toMatchObject({ empty: true, defaultBranch: "main", url: "https://bitbucket.org/acme/new" });
  });
});
