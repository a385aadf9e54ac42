import { type Call, silentLog } from "@kubeferry/model";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { OpenedAdapter, PlatformDriver, PlatformOptions } from "../../driver.ts";
import type { GitPlatform, PullRequest, RepoRef } from "../../platform.ts";
import { addRepository, commitId, type HostState, type RepositoryState } from "./host-state.ts";
import type { StandIn } from "./stand-in.ts";

type Credential = Pick<PlatformOptions, "token" | "username">;

/** What the tests of one host differ in. */
interface HostUnderTest<State> {
  readonly driver: PlatformDriver;
  /** The one repository that the stand-in has. */
  readonly repo: RepoRef;
  /** Of the adapter that is opened first. */
  readonly credential: Credential;
  start(): Promise<{ readonly standIn: StandIn; readonly state: State }>;
  /** Everything forgotten. */
  reset(state: State): void;
  /** The API's address below the stand-in's. */
  apiUrl(standInUrl: string): string;
}

/** A stand-in with one repository, and its adapter. */
interface OpenedStandIn<State> {
  readonly standIn: StandIn;
  readonly state: State;
  readonly repository: RepositoryState;
  readonly platform: GitPlatform;
  readonly call: Call;
  /** Opens the request kubeferry/main -> main. */
  openRequest(want?: { readonly draft: boolean }): Promise<PullRequest>;
  /** Another adapter of the same stand-in. */
  open(credential: Credential): OpenedAdapter;
}

/**
 * One stand-in for the tests of a file, new to each of them. The file fails when a request was not as the host would
 * have it.
 */
export function standInOfTests<State extends { readonly host: HostState }>(
  host: HostUnderTest<State>,
): () => OpenedStandIn<State> {
  const opened: { at?: OpenedStandIn<State>; readonly platforms: GitPlatform[] } = { platforms: [] };
  const current = (): OpenedStandIn<State> => {
    if (opened.at === undefined) throw new Error("the stand-in did not start");
    return opened.at;
  };
  beforeAll(async () => {
    opened.at = open(host, await host.start(), opened.platforms);
  });
  beforeEach(() => {
    const { standIn, state } = current();
    host.reset(state);
    standIn.faults.behave();
    opened.at = { ...current(), repository: repositoryIn(state, host.repo) };
  });
  afterAll(async () => {
    for (const platform of opened.platforms) await platform.close();
    await current().standIn.close();
    const { violations } = current().standIn;
    if (violations.length > 0) throw new Error(violations.join("\n"));
  });
  return current;
}

function open<State extends { readonly host: HostState }>(
  { driver, repo, credential, apiUrl }: HostUnderTest<State>,
  { standIn, state }: { readonly standIn: StandIn; readonly state: State },
  platforms: GitPlatform[],
): OpenedStandIn<State> {
  const call = { signal: new AbortController().signal, log: silentLog };
  const openAdapter = (access: Credential): OpenedAdapter => {
    const adapter = driver.create({ apiUrl: apiUrl(standIn.url), repo, ...access });
    platforms.push(adapter.platform);
    return adapter;
  };
  const { platform } = openAdapter(credential);
  const want = { from: "kubeferry/main", to: "main", title: "Update shop", body: "3 objects", draft: false };
  return {
    standIn,
    state,
    repository: repositoryIn(state, repo),
    platform,
    call,
    openRequest: (differs) => platform.createPullRequest(repo, { ...want, ...differs }, call),
    open: openAdapter,
  };
}

function repositoryIn({ host }: { readonly host: HostState }, { owner, name }: RepoRef): RepositoryState {
  const repository = addRepository(host, owner, name);
  repository.branches.set("kubeferry/main", commitId("kubeferry/main"));
  return repository;
}
