import { type Call, Secret, silentLog } from "@kubeferry/model";
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { PlatformOptions } from "../../../driver.ts";
import type { GitPlatform, PullRequest } from "../../../platform.ts";
import { addRepository, commitId, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import type { StandIn } from "../../../testing/stand-in/stand-in.ts";
import { bitbucketCloudDriver } from "../bitbucket-cloud.ts";
import { type CloudState, resetCloud } from "./cloud-json.ts";
import { API_TOKEN, EMAIL, startBitbucketCloud } from "./cloud-stand-in.ts";

/** A stand-in with one repository, acme/fleet, and its adapter. */
interface OpenedCloud {
  readonly standIn: StandIn;
  readonly state: CloudState;
  readonly repository: RepositoryState;
  readonly platform: GitPlatform;
  readonly call: Call;
  /** Opens the request kubeferry/main -> main. */
  openRequest(): Promise<PullRequest>;
  /** Another adapter of the same stand-in. */
  open(credential: Pick<PlatformOptions, "token" | "username">): ReturnType<typeof bitbucketCloudDriver.create>;
}

/**
 * One stand-in for the tests of a file, new to each of them, with an adapter that has an API token. The file fails when a
 * request was not as Bitbucket would have it.
 */
export function cloudOfTests(): () => OpenedCloud {
  const opened: { at?: OpenedCloud; readonly platforms: GitPlatform[] } = { platforms: [] };
  const cloud = (): OpenedCloud => {
    if (opened.at === undefined) throw new Error("the stand-in did not start");
    return opened.at;
  };
  beforeAll(async () => {
    opened.at = open(await startBitbucketCloud(), opened.platforms);
  });
  beforeEach(() => {
    const { standIn, state } = cloud();
    resetCloud(state);
    standIn.faults.behave();
    opened.at = { ...cloud(), repository: fleetIn(state) };
  });
  afterAll(async () => {
    for (const platform of opened.platforms) await platform.close();
    await cloud().standIn.close();
    const { violations } = cloud().standIn;
    if (violations.length > 0) throw new Error(violations.join("\n"));
  });
  return cloud;
}

const repo = { owner: "acme", name: "fleet" };

function open({ standIn, state }: Pick<OpenedCloud, "standIn" | "state">, platforms: GitPlatform[]): OpenedCloud {
  const call = { signal: new AbortController().signal, log: silentLog };
  const openAdapter: OpenedCloud["open"] = (credential) => {
    const adapter = bitbucketCloudDriver.create({ apiUrl: `${standIn.url}/2.0`, repo, ...credential });
    platforms.push(adapter.platform);
    return adapter;
  };
  const { platform } = openAdapter({ token: new Secret(API_TOKEN), username: EMAIL });
  const want = { from: "kubeferry/main", to: "main", title: "Update shop", body: "3 objects", draft: false };
  return {
    standIn,
    state,
    repository: fleetIn(state),
    platform,
    call,
    openRequest: () => platform.createPullRequest(repo, want, call),
    open: openAdapter,
  };
}

function fleetIn({ host }: CloudState): RepositoryState {
  const repository = addRepository(host, repo.owner, repo.name);
  repository.branches.set("kubeferry/main", commitId("kubeferry/main"));
  return repository;
}
