import { type Call, Secret, silentLog } from "@kubeferry/model";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { PlatformOptions } from "../../../driver.ts";
import type { GitPlatform, PullRequest } from "../../../platform.ts";
import { addRepository, commitId, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import type { StandIn } from "../../../testing/stand-in/stand-in.ts";
import { bitbucketServerDriver } from "../bitbucket-server.ts";
import { resetServer, type ServerState } from "./server-json.ts";
import { ACCESS_TOKEN, startBitbucketServer } from "./server-stand-in.ts";

/** A stand-in with one repository, ACME/fleet, and its adapter. */
interface OpenedServer {
  readonly standIn: StandIn;
  readonly state: ServerState;
  readonly repository: RepositoryState;
  readonly platform: GitPlatform;
  readonly call: Call;
  /** Opens the request kubeferry/main -> main. */
  openRequest(want?: { readonly draft: boolean }): Promise<PullRequest>;
  /** Another adapter of the same stand-in. */
  open(credential: Pick<PlatformOptions, "token" | "username">): ReturnType<typeof bitbucketServerDriver.create>;
}

/**
 * One stand-in for the tests of a file, new to each of them, with an adapter that has an HTTP access token. The file fails when a
 * request was not as Bitbucket would have it.
 */
export function serverOfTests(): () => OpenedServer {
  const opened: { at?: OpenedServer; readonly platforms: GitPlatform[] } = { platforms: [] };
  const server = (): OpenedServer => {
    if (opened.at === undefined) throw new Error("the stand-in did not start");
    return opened.at;
  };
  beforeAll(async () => {
    opened.at = open(await startBitbucketServer(), opened.platforms);
  });
  beforeEach(() => {
    const { standIn, state } = server();
    resetServer(state);
    standIn.faults.behave();
    opened.at = { ...server(), repository: fleetIn(state) };
  });
  afterAll(async () => {
    for (const platform of opened.platforms) await platform.close();
    await server().standIn.close();
    const { violations } = server().standIn;
    if (violations.length > 0) throw new Error(violations.join("\n"));
  });
  return server;
}

const repo = { owner: "ACME", name: "fleet" };

function open({ standIn, state }: Pick<OpenedServer, "standIn" | "state">, platforms: GitPlatform[]): OpenedServer {
  const call = { signal: new AbortController().signal, log: silentLog };
  const openAdapter: OpenedServer["open"] = (credential) => {
    const adapter = bitbucketServerDriver.create({ apiUrl: standIn.url, repo, ...credential });
    platforms.push(adapter.platform);
    return adapter;
  };
  const { platform } = openAdapter({ token: new Secret(ACCESS_TOKEN) });
  const want = { from: "kubeferry/main", to: "main", title: "Update shop", body: "3 objects", draft: false };
  return {
    standIn,
    state,
    repository: fleetIn(state),
    platform,
    call,
    openRequest: (differs) => platform.createPullRequest(repo, { ...want, ...differs }, call),
    open: openAdapter,
  };
}

function fleetIn({ host }: ServerState): RepositoryState {
  const repository = addRepository(host, repo.owner, repo.name);
  repository.branches.set("kubeferry/main", commitId("kubeferry/main"));
  return repository;
}
