import { type Call, type LogFields, silentLog } from "@kubeferry/model";
import { afterAll, beforeAll, expect, type TestContext } from "vitest";
import type { Capabilities } from "../capabilities.ts";
import type { PreparedHost, PullRequestWish } from "../ensure/wish.ts";
import type { Comment, GitPlatform, HostInfo, PullRequest, RepoRef } from "../platform.ts";
import { PlatformError } from "../platform-error.ts";
import type { ContractHost, ContractRepository, Differences } from "./contract-host.contract.ts";

/** Those that a test is skipped for. */
type ReasonedDifference = Exclude<keyof Differences, "faults">;

/** The host under test, once it has started, and what it says of itself. */
export interface Suite {
  readonly differs: Differences;
  host(): ContractHost;
  platform(): GitPlatform;
  info(): HostInfo;
  /** The host as the policy wants it. */
  prepared(repo: RepoRef): PreparedHost;
  /** Skips a test of something that the host cannot do. */
  needs(context: TestContext, capability: keyof Capabilities): void;
  /** Skips a test of something in which the host differs, with its reason. */
  unless(context: TestContext, difference: ReasonedDifference): void;
}

/** Starts the host before the tests of the surrounding `describe`, and closes it after them. */
export function createSuite(open: () => Promise<ContractHost>, differs: Differences): Suite {
  const started: { host?: ContractHost; platform?: GitPlatform; info?: HostInfo } = {};
  const there = <T>(part: T | undefined): T => {
    if (part === undefined) throw new Error("the host did not start");
    return part;
  };
  beforeAll(async () => {
    started.host = await open();
    started.platform = started.host.open({ known: true });
    started.info = await started.platform.getHost(call());
  });
  afterAll(async () => {
    await started.platform?.close();
    await started.host?.close();
  });
  const info = () => there(started.info);
  const platform = () => there(started.platform);
  return {
    differs,
    host: () => there(started.host),
    platform,
    info,
    prepared: (repo) => ({ platform: platform(), repo, info: info() }),
    needs: (context, capability) => context.skip(!info().can[capability], `the host cannot do: ${capability}`),
    unless: (context, difference) => context.skip(differs[difference] !== undefined, differs[difference]),
  };
}

/** What most tests open. */
export const WANT = {
  from: "kubeferry/main",
  to: "main",
  title: "Update shop",
  body: "3 objects\n\n- web\n",
  draft: false,
} as const;

/** Nothing beside a request. */
export const NOTHING = {
  labels: [],
  reviewers: [],
  teamReviewers: [],
  assignees: [],
  milestone: undefined,
} as const;

/** A run that pushed nothing and wants nothing beside the request. */
export const WISH: PullRequestWish = {
  ...WANT,
  additions: NOTHING,
  commit: "",
  pushed: false,
  removes: false,
  autoMerge: undefined,
  status: undefined,
};

/** A repository with branches that are one commit ahead. */
export function withBranches(suite: Suite, ...branches: readonly string[]): Promise<ContractRepository> {
  return suite.host().freshRepository(...branches);
}

/** A repository with an open request. */
export async function withRequest(
  suite: Suite,
  want: { readonly draft?: boolean } = {},
): Promise<{ readonly place: ContractRepository; readonly open: PullRequest }> {
  const place = await withBranches(suite, WANT.from);
  return { place, open: await suite.platform().createPullRequest(place.repo, { ...WANT, ...want }, call()) };
}

/** The open request of `WANT`. */
export async function openRequest(suite: Suite, repo: RepoRef): Promise<PullRequest> {
  const open = await suite.platform().findOpenPullRequest(repo, WANT, call());
  if (open === undefined) throw new Error("no request is open");
  return open;
}

/** All comments on a request. */
export async function commentsOn(platform: GitPlatform, open: PullRequest, at: Call): Promise<readonly Comment[]> {
  const comments: Comment[] = [];
  for await (const comment of platform.listComments(open, at)) comments.push(comment);
  return comments;
}

/** The error of an attempt that fails as it should. */
export async function expectKind(attempt: Promise<unknown>, kind: string): Promise<PlatformError> {
  const error: unknown = await attempt.then(
    () => new Error(`no error where "${kind}" was expected`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PlatformError)) throw error;
  expect(error.kind).toBe(kind);
  return error;
}

/** What an act writes: "PATCH /path" of every request that is no GET. */
export async function writesDuring<T>(
  suite: Suite,
  act: () => Promise<T>,
): Promise<{ readonly result: T; readonly writes: readonly string[] }> {
  const before = suite.host().requests().length;
  const result = await act();
  const sent = suite.host().requests().slice(before);
  return {
    result,
    writes: sent.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`),
  };
}

/** Nobody listens, nobody stops. */
export function call(): Call {
  return { signal: new AbortController().signal, log: silentLog };
}

/** Keeps what is logged. */
export function recordingCall(): { readonly call: Call; readonly lines: readonly unknown[] } {
  const lines: unknown[] = [];
  const keep = (message: string, fields?: LogFields) => void lines.push({ message, fields });
  return { call: { ...call(), log: { debug: keep, info: keep, warn: keep, error: keep } }, lines };
}
