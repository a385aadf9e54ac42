import { inspect } from "node:util";
import { type Call, type LogFields, silentLog } from "@kubeferry/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Differences } from "./contract/contract-host.contract.ts";
import type { PullRequestResult } from "./ensure/wish.ts";
import { closePullRequest, ensurePullRequest } from "./ensure-pull-request.ts";
import type { BranchPair, GitPlatform, PullRequest, PullRequestSpec, RepoRef } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";

/** A repository of one test, on the host under test. */
export interface ContractRepository {
  readonly repo: RepoRef;
  /** Makes branches that are one commit ahead of `main`. */
  branches(...names: readonly string[]): Promise<void>;
  label(name: string): Promise<void>;
  merge(number: number): Promise<void>;
  /** The request as the host itself tells it, not through the adapter. */
  look(number: number): Promise<{ state: string; title: string; draft: boolean; labels: string[]; comments: string[] }>;
}

/** A host under test: real, or a stand-in that holds state. */
export interface ContractHost {
  readonly platform: GitPlatform;
  /** The same host with a token that it does not know. */
  readonly stranger: { readonly platform: GitPlatform; readonly token: string };
  /** Makes a repository whose branch `main` has a commit. */
  freshRepository(): Promise<ContractRepository>;
  /** "POST /path" of every request that reached the host through the adapters so far. */
  requests(): readonly string[];
  close(): Promise<void>;
}

/** Opening 60 requests takes a slow host this long. */
const MANY_REQUESTS_MS = 300_000;
const WANT = { from: "kubeferry/main", to: "main", title: "Update shop", body: "3 objects\n\n- web\n", draft: false };

/** What every Git host's adapter must do; run it from a test file of the adapter. */
export function gitPlatformContract(name: string, open: () => Promise<ContractHost>, differs: Differences = {}): void {
  describe(`${name} keeps the contract of Git hosts`, () => {
    const opened: { host?: ContractHost } = {};
    const host = (): ContractHost => {
      if (opened.host === undefined) throw new Error("the host did not start");
      return opened.host;
    };
    beforeAll(async () => {
      opened.host = await open();
    });
    afterAll(() => opened.host?.close());

    repositoryTests(host);
    requestTests(host, differs);
    policyTests(host);
    refusalTests(host);
  });
}

function repositoryTests(host: () => ContractHost): void {
  it("tells a repository's default branch and that this token may push", async () => {
    const { repo } = await host().freshRepository();
    expect(await host().platform.getRepository(repo, call())).toMatchObject({
      repo,
      url: expect.stringMatching(/^https?:\/\//),
      defaultBranch: "main",
      empty: false,
      archived: false,
      canPush: true,
      takesPullRequests: true,
    });
  });

  it("finds no request where none was opened, and none where the last one is closed or merged", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toBeUndefined();
    await platform.closePullRequest(await platform.createPullRequest(place.repo, WANT, call()), call());
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toBeUndefined();
    const second = await platform.createPullRequest(place.repo, WANT, call());
    expect((await platform.findOpenPullRequest(place.repo, WANT, call()))?.number).toBe(second.number);
    await place.merge(second.number);
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toBeUndefined();
  });
}

function requestTests(host: () => ContractHost, differs: Differences): void {
  it("opens a request that is found again as it was written", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    const want = {
      ...WANT,
      title: "Übernahme 集 🚢 <b> & co",
      body: "Zeile 1\n\n| a | b |\n|---|---|\n| 🚢 | `x` |\n",
    };
    const created = await platform.createPullRequest(place.repo, want, call());
    expect(created).toMatchObject({ repo: place.repo, from: WANT.from, to: "main", title: want.title, draft: false });
    expect(created.url).toContain(String(created.number));
    expect(created.body.trim()).toBe(want.body.trim());
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toEqual(created);
  });

  it("calls a second request for the same branches a conflict", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    await platform.createPullRequest(place.repo, WANT, call());
    await expectKind(platform.createPullRequest(place.repo, WANT, call()), "conflict");
  });

  it(
    "finds the one request among 60 open ones",
    async () => {
      const { platform } = host();
      const place = await host().freshRepository();
      const others = Array.from({ length: 60 }, (_, index) => `other/${index + 1}`);
      await place.branches(WANT.from, ...others);
      for (const from of others) await platform.createPullRequest(place.repo, { ...WANT, from }, call());
      // Closed before, so that a host that answers any request of the pair answers this one.
      const before = await platform.createPullRequest(place.repo, WANT, call());
      await platform.closePullRequest(before, call());
      expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toBeUndefined();
      const wanted = await platform.createPullRequest(place.repo, WANT, call());
      expect((await platform.findOpenPullRequest(place.repo, WANT, call()))?.number).toBe(wanted.number);
    },
    MANY_REQUESTS_MS,
  );

  it("keeps requests into other branches apart", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from, "release/1.0");
    const other = await platform.createPullRequest(place.repo, { ...WANT, to: "release/1.0" }, call());
    expect(await platform.findOpenPullRequest(place.repo, WANT, call())).toBeUndefined();
    const pair = { from: WANT.from, to: "release/1.0" };
    expect((await platform.findOpenPullRequest(place.repo, pair, call()))?.number).toBe(other.number);
  });

  it("opens a draft, which stays one, and adds a label, leaving out one that there is not", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    await place.label("backup");
    const created = await platform.createPullRequest(place.repo, { ...WANT, draft: true }, call());
    expect(created).toMatchObject({ title: WANT.title, draft: true });
    const refused = await platform.addToPullRequest(created, { ...NOTHING, labels: ["backup", "no such"] }, call());
    expect(refused).toEqual([{ what: "label", name: "no such", why: expect.any(String) }]);
    expect(await place.look(created.number)).toMatchObject({ draft: true, labels: ["backup"] });
    const renamed = await platform.updatePullRequest(created, { title: "Renamed" }, call());
    expect(renamed).toMatchObject({ title: "Renamed", draft: true });
  });

  it.skipIf(differs.equalBranches)("refuses a request between branches that do not differ", async () => {
    const place = await withBranches(host(), WANT.from);
    const same = { ...WANT, from: "main", to: "main" };
    await expectKind(host().platform.createPullRequest(place.repo, same, call()), "invalid");
  });

  it("says not-found for a branch that was never pushed", async () => {
    const place = await host().freshRepository();
    await expectKind(host().platform.createPullRequest(place.repo, WANT, call()), "not-found");
  });
}

function policyTests(host: () => ContractHost): void {
  it("ensures one request: created, then unchanged without a writing request, then updated in what differs", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    const first = await ensure(platform, place.repo, WANT);
    expect(first.outcome).toBe("created");
    const quiet = await requestsDuring(host(), () => ensure(platform, place.repo, WANT));
    expect(quiet.result).toEqual({ outcome: "unchanged", pullRequest: first.pullRequest, warnings: [] });
    expect(quiet.writes).toEqual([]);
    const changed = { ...WANT, body: "4 objects\n" };
    const loud = await requestsDuring(host(), () => ensure(platform, place.repo, changed));
    expect(loud.result).toEqual({ outcome: "updated", pullRequest: first.pullRequest, warnings: [] });
    expect(loud.writes).toHaveLength(1);
    expect(await openRequest(platform, place.repo)).toMatchObject({
      title: WANT.title,
      body: expect.stringMatching(/^4/),
    });
  });

  it("takes over the request that another run opened between the look and the opening", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    const theirs = await platform.createPullRequest(place.repo, { ...WANT, title: "Theirs" }, call());
    const late = blindAtFirst(platform);
    const result = await ensure(late, place.repo, WANT);
    expect(result).toMatchObject({ outcome: "updated", pullRequest: { url: theirs.url, number: theirs.number } });
  });

  it("continues a text that is longer than the host takes in comments, and finds it unchanged in the next run", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    const { bodyLength, commentLength, titleLength } = platform.limits;
    const line = "- namespaces/größe/base/deployment-web.yaml 🚢\n";
    const long = {
      ...WANT,
      title: "t🚢".repeat(titleLength),
      body: line.repeat(Math.ceil((bodyLength + commentLength) / line.length)),
    };
    const { outcome, pullRequest } = await ensure(platform, place.repo, long);
    expect(outcome).toBe("created");
    const open = await openRequest(platform, place.repo);
    expect(open.body.trimEnd()).toMatch(/🚢\n\n_Continued in 2 comments below\._$/);
    expect(open.body.length).toBeLessThanOrEqual(bodyLength);
    expect(open.title).toMatch(/…$/);
    const { comments } = await place.look(pullRequest.number);
    expect(comments.map((text) => text.split("\n")[0])).toEqual([
      "_Continued from the text above (2 of 3)_",
      "_Continued from the text above (3 of 3)_",
    ]);
    const quiet = await requestsDuring(host(), () => ensure(platform, place.repo, long));
    expect(quiet.result.outcome).toBe("unchanged");
    expect(quiet.writes).toEqual([]);
    const short = await ensure(platform, place.repo, { ...long, body: "short" });
    expect(short.outcome).toBe("updated");
    expect((await place.look(pullRequest.number)).comments.map((text) => text.trim())).toEqual([
      "_Continued from the text above: nothing here any more._",
      "_Continued from the text above: nothing here any more._",
    ]);
  });

  it("closes the open request with a comment that says why, and has nothing to do the second time", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    const { pullRequest } = await ensure(platform, place.repo, WANT);
    const close = { from: WANT.from, to: "main", reason: "nothing is left to propose" };
    expect(await closePullRequest({ platform, repo: place.repo }, close, call())).toEqual({
      outcome: "closed",
      pullRequest,
      warnings: [],
    });
    expect(await place.look(pullRequest.number)).toMatchObject({ state: "closed", comments: [close.reason] });
    expect(await closePullRequest({ platform, repo: place.repo }, close, call())).toBeUndefined();
  });
}

function refusalTests(host: () => ContractHost): void {
  it("says not-found for a missing repository, in every operation", async () => {
    const { platform } = host();
    const place = await withBranches(host(), WANT.from);
    const pull = await platform.createPullRequest(place.repo, WANT, call());
    const repo = { ...place.repo, name: "no-such-repository" };
    const gone: PullRequest = { ...pull, repo };
    await expectKind(platform.getRepository(repo, call()), "not-found");
    await expectKind(platform.findOpenPullRequest(repo, WANT, call()), "not-found");
    await expectKind(platform.createPullRequest(repo, WANT, call()), "not-found");
    await expectKind(platform.updatePullRequest(gone, { title: "x" }, call()), "not-found");
    await expectKind(platform.closePullRequest(gone, call()), "not-found");
    await expectKind(platform.comment(gone, "x", call()), "not-found");
  });

  it("says denied for a token that the host does not know, and never shows the token", async () => {
    const { platform, token } = host().stranger;
    const place = await withBranches(host(), WANT.from);
    const pull = await host().platform.createPullRequest(place.repo, WANT, call());
    const log = recordingCall();
    const attempts: (() => Promise<unknown>)[] = [
      () => platform.getRepository(place.repo, log.call),
      () => platform.findOpenPullRequest(place.repo, WANT, log.call),
      () => platform.createPullRequest(place.repo, WANT, log.call),
      () => platform.updatePullRequest(pull, { title: "x" }, log.call),
      () => platform.closePullRequest(pull, log.call),
      () => platform.comment(pull, "x", log.call),
    ];
    for (const attempt of attempts) {
      const error = await expectKind(attempt(), "denied");
      const shown = [
        inspect(error, { depth: 20, showHidden: true }),
        error.stack,
        JSON.stringify(error),
        String(error),
      ];
      expect(shown.join("\n")).not.toContain(token);
    }
    expect(inspect(log.lines, { depth: 20 })).not.toContain(token);
    expect(inspect(platform, { depth: 20, showHidden: true })).not.toContain(token);
  });

  it("stops with the signal's reason", async () => {
    const place = await host().freshRepository();
    const controller = new AbortController();
    controller.abort(new Error("stopped by the test"));
    const stopped = host().platform.getRepository(place.repo, { ...call(), signal: controller.signal });
    await expect(stopped).rejects.toThrow("stopped by the test");
  });
}

async function withBranches(host: ContractHost, ...branches: readonly string[]): Promise<ContractRepository> {
  const place = await host.freshRepository();
  await place.branches(...branches);
  return place;
}

const NOTHING = { labels: [], reviewers: [], teamReviewers: [], assignees: [], milestone: undefined };

async function ensure(platform: GitPlatform, repo: RepoRef, want: PullRequestSpec): Promise<PullRequestResult> {
  const info = await platform.getHost(call());
  const beside = {
    additions: NOTHING,
    commit: "",
    pushed: false,
    removes: false,
    autoMerge: undefined,
    status: undefined,
  };
  return ensurePullRequest({ platform, repo, info }, { ...want, ...beside }, call());
}

async function openRequest(platform: GitPlatform, repo: RepoRef): Promise<PullRequest> {
  const open = await platform.findOpenPullRequest(repo, WANT, call());
  if (open === undefined) throw new Error("no request is open");
  return open;
}

async function expectKind(attempt: Promise<unknown>, kind: string): Promise<PlatformError> {
  const error: unknown = await attempt.then(
    () => new Error(`no error where "${kind}" was expected`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PlatformError)) throw error;
  expect(error.kind).toBe(kind);
  return error;
}

async function requestsDuring<T>(host: ContractHost, act: () => Promise<T>): Promise<{ result: T; writes: string[] }> {
  const before = host.requests().length;
  const result = await act();
  return {
    result,
    writes: host
      .requests()
      .slice(before)
      .filter((request) => !request.startsWith("GET ")),
  };
}

/** A platform that sees no request the first time it is asked, as a run that was a moment too early. */
function blindAtFirst(platform: GitPlatform): GitPlatform {
  const asked = { times: 0 };
  return {
    ...platform,
    async findOpenPullRequest(repo: RepoRef, branches: BranchPair, at: Call) {
      asked.times += 1;
      return asked.times === 1 ? undefined : platform.findOpenPullRequest(repo, branches, at);
    },
  };
}

function call(): Call {
  return { signal: new AbortController().signal, log: silentLog };
}

function recordingCall(): { call: Call; lines: unknown[]; warnings: (LogFields | undefined)[] } {
  const lines: unknown[] = [];
  const warnings: (LogFields | undefined)[] = [];
  const keep = (message: string, fields?: LogFields) => void lines.push({ message, fields });
  const warn = (message: string, fields?: LogFields) => {
    keep(message, fields);
    warnings.push(fields);
  };
  return { call: { ...call(), log: { debug: keep, info: keep, warn, error: keep } }, lines, warnings };
}
