import { type Call, Secret, silentLog } from "@kubeferry/model";
import { afterEach, describe, expect, it } from "vitest";
import { gitPlatformContract } from "../../platform.contract.ts";
import type { GitPlatform } from "../../platform.ts";
import { addRepository, commitId, type PullState, type RepositoryState } from "../../testing/stand-in/host-state.ts";
import { azureDevOpsDriver } from "./azure-devops.ts";
import { openAzureHost } from "./testing/contract-host.ts";
import { type AzureKind, type AzureStandIn, ENTRA_TOKEN, startAzure, TOKEN } from "./testing/stand-in.ts";

const call: Call = { signal: new AbortController().signal, log: silentLog };
const REPO = { owner: "Shop Platform", name: "fleet" };
const WANT = { from: "kubeferry/main", to: "main", title: "Update shop", body: "3 objects\n", draft: false };
const NOTHING = { labels: [], reviewers: [], teamReviewers: [], assignees: [], milestone: undefined };
const COMMIT = commitId("kubeferry/main");
const CHECK = "kubeferry/validation";

interface Place extends AzureStandIn {
  readonly platform: GitPlatform;
  readonly repository: RepositoryState;
}
const started: Place[] = [];

afterEach(async () => {
  for (const { platform, standIn } of started.splice(0)) {
    await platform.close();
    await standIn.close();
    expect(standIn.violations).toEqual([]);
  }
});

describe("Azure DevOps as a host", () => {
  it("tells whom the token speaks for, and whether it is a server of one's own", async () => {
    const { platform } = await start({ onPremises: true });
    expect(await platform.getHost(call)).toMatchObject({
      product: "Azure DevOps Server",
      user: "kubeferry@example.com",
      can: { teamReviewers: true, assignees: false, milestone: false },
    });
  });

  it("takes a token of Microsoft Entra as Bearer", async () => {
    const { platform } = await start({}, ENTRA_TOKEN);
    expect(await platform.getHost(call)).toMatchObject({ product: "Azure DevOps Services" });
  });

  it("takes the sign-in page, however it comes, for a token that is not accepted", async () => {
    const { platform, standIn } = await start();
    standIn.faults.misbehave({ fault: { type: "page", status: 203 }, times: 1 });
    await expect(platform.getRepository(REPO, call)).rejects.toThrow("denied: the host shows its sign-in page");
    const location = "https://spsprodweu1.vssps.visualstudio.com/_signin?realm=dev.azure.com";
    standIn.faults.misbehave({ fault: { type: "status", status: 302, headers: { location } }, times: 1 });
    await expect(platform.getRepository(REPO, call)).rejects.toThrow("denied: the host shows its sign-in page");
    expect(standIn.requests.at(-1)?.headers).toMatchObject({ "x-tfs-fedauthredirect": "Suppress" });
  });

  it("reads from the policies of a branch that a push is refused, and which statuses are waited for", async () => {
    const { platform, repository } = await start();
    expect(await platform.getBranchRules(REPO, "main", call)).toEqual({
      protected: false,
      mayPush: undefined,
      requiredStatuses: [],
    });
    repository.rules.set("main", { mayPush: false, requiredStatuses: [CHECK] });
    expect(await platform.getBranchRules(REPO, "main", call)).toEqual({
      protected: true,
      mayPush: false,
      requiredStatuses: [CHECK],
    });
  });

  it("says nothing of a branch whose policies the token may not read", async () => {
    const { platform } = await start({ policies: false });
    const silent = { protected: undefined, mayPush: undefined, requiredStatuses: [] };
    expect(await platform.getBranchRules(REPO, "main", call)).toEqual(silent);
  });

  it("takes a token that stands for nobody for one that is not accepted", async () => {
    const { platform, kind } = await start();
    kind.toNobody = true;
    await expect(platform.getHost(call)).rejects.toThrow(
      "denied: the host takes the token for nobody's; check repository.token",
    );
  });

  it("does not take a branch whose name only begins alike for the one that is asked for", async () => {
    const { platform, repository } = await start();
    repository.branches.set("release-2", COMMIT);
    await expect(platform.getBranchRules(REPO, "release", call)).rejects.toThrow(
      "not-found: the repository has no branch release",
    );
  });
});

describe("a pull request on Azure DevOps", () => {
  it("is found behind those of forks with its text whole, which a list cuts", async () => {
    const { platform, kind } = await start();
    const body = `${"- namespaces/shop/base/deployment-web.yaml\n".repeat(40)}end`;
    const created = await platform.createPullRequest(REPO, { ...WANT, body }, call);
    kind.forkRequests = 130;
    const found = await platform.findOpenPullRequest(REPO, WANT, call);
    expect(found).toMatchObject({ number: created.number, body, labels: [] });
    expect(found?.url).toMatch(/\/contoso\/Shop%20Platform\/_git\/fleet\/pullrequest\/1$/);
  });

  it("is not opened for branches with the same commit", async () => {
    const { platform, repository } = await start();
    repository.branches.set("main", COMMIT);
    await expect(platform.createPullRequest(REPO, WANT, call)).rejects.toThrow("the two branches do not differ");
    expect(repository.pulls).toEqual([]);
  });

  it("gets labels and reviewers, by sign-in name or the name that is shown, and whole teams", async () => {
    const { platform, repository } = await start();
    const open = await platform.createPullRequest(REPO, WANT, call);
    const add = {
      ...NOTHING,
      labels: ["backup"],
      reviewers: ["Grace@example.com", "Alan", "nobody"],
      teamReviewers: ["Reviewers", "Other Project/reviewers"],
    };
    expect(await platform.addToPullRequest(open, add, call)).toEqual([
      { what: "reviewer", name: "nobody", why: "no team of the project has such a member" },
      { what: "team", name: "Other Project/reviewers", why: "the project has no such team" },
    ]);
    const pull = pullOf(repository);
    expect([...pull.labels]).toEqual(["backup"]);
    expect([...pull.reviewers]).toEqual(["grace@example.com", "alan@example.com"]);
    expect([...pull.teams]).toEqual(["reviewers"]);
  });

  it("does not ask a reviewer again, whose vote would be lost", async () => {
    const { platform, repository, standIn } = await start();
    const open = await platform.createPullRequest(REPO, WANT, call);
    pullOf(repository).reviewers.add("grace@example.com");
    await platform.addToPullRequest(open, { ...NOTHING, reviewers: ["grace@example.com"] }, call);
    expect(standIn.requests.map(({ method }) => method)).not.toContain("PUT");
  });

  it("has comments without what Azure DevOps writes itself, oldest first, with ours by our name", async () => {
    const { platform, repository } = await start();
    const open = await platform.createPullRequest(REPO, WANT, call);
    await platform.comment(open, "ours", call);
    const [first] = await commentsOf(platform, open);
    expect(first).toMatchObject({ text: "ours", author: "kubeferry@example.com" });
    await platform.updateComment(open, first ?? { id: "", text: "", author: "" }, "ours again", call);
    expect(pullOf(repository).comments.map(({ text }) => text)).toEqual(["ours again"]);
  });

  it("has comments of a service by the name that the host gives for its token", async () => {
    const { platform } = await start({ service: true });
    const open = await platform.createPullRequest(REPO, WANT, call);
    await platform.comment(open, "ours", call);
    const { user } = await platform.getHost(call);
    expect(user).toBe("Kubeferry");
    expect(await commentsOf(platform, open)).toMatchObject([{ text: "ours", author: user }]);
  });
});

describe("completing by itself", () => {
  it("waits for the status, which the request gets as well as the commit", async () => {
    const { platform, repository } = await start();
    repository.rules.set("main", { mayPush: false, requiredStatuses: [CHECK] });
    const open = await platform.createPullRequest(REPO, WANT, call);
    await platform.enableAutoMerge(open, { method: "squash", commit: COMMIT }, call);
    expect(pullOf(repository).autoMerge).toMatchObject({ method: "squash" });
    const status = { context: CHECK, state: "success", description: "ok", url: "https://h/1" } as const;
    await platform.setCommitStatus(REPO, COMMIT, status, call);
    expect(pullOf(repository).state).toBe("open");
    await platform.setCommitStatus(REPO, COMMIT, { ...status, url: open.url }, call);
    expect(pullOf(repository).state).toBe("merged");
  });

  it("is taken back by naming nobody, and looked at", async () => {
    const { platform, repository, standIn, kind } = await start();
    repository.rules.set("main", { mayPush: false, requiredStatuses: [CHECK] });
    const open = await platform.createPullRequest(REPO, WANT, call);
    await platform.enableAutoMerge(open, { method: "default", commit: COMMIT }, call);
    Object.assign(kind, { autoComplete: "not let go" });
    await expect(platform.cancelAutoMerge(open, call)).rejects.toThrow(
      "conflict: it is still set to complete by itself",
    );
    Object.assign(kind, { autoComplete: "works" });
    await platform.cancelAutoMerge(open, call);
    expect(standIn.requests.at(-1)?.body).toEqual({
      autoCompleteSetBy: { id: "00000000-0000-0000-0000-000000000000" },
    });
    expect(pullOf(repository).autoMerge).toBeUndefined();
  });

  it("that the host silently does not keep is an error", async () => {
    const { platform } = await start({ autoComplete: "not kept" });
    const open = await platform.createPullRequest(REPO, WANT, call);
    const enabled = platform.enableAutoMerge(open, { method: "default", commit: COMMIT }, call);
    await expect(enabled).rejects.toThrow("invalid: the host does not keep auto-complete for this request");
  });
});

async function start(differs: Partial<AzureKind> = {}, token = TOKEN): Promise<Place> {
  const azure = await startAzure(differs);
  const repository = addRepository(azure.state, REPO.owner, REPO.name);
  repository.branches.set(WANT.from, COMMIT);
  const { platform } = azureDevOpsDriver.create({ apiUrl: azure.apiUrl, repo: REPO, token: new Secret(token) });
  const place = { ...azure, repository, platform };
  started.push(place);
  return place;
}

function pullOf({ pulls }: RepositoryState): PullState {
  const [pull] = pulls;
  if (pull === undefined) throw new Error("no pull request is there");
  return pull;
}

async function commentsOf(platform: GitPlatform, open: Parameters<GitPlatform["listComments"]>[0]) {
  const comments: { id: string; text: string; author: string | undefined }[] = [];
  for await (const comment of platform.listComments(open, call)) comments.push(comment);
  return comments;
}

gitPlatformContract("Azure DevOps, stood in for,", openAzureHost, {
  unknownLabel: "Azure DevOps has no list of labels: one comes to be by its first use",
});
