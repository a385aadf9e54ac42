import { type Call, Secret, silentLog } from "@kubeferry/model";
import type { PlatformOptions } from "../../../driver.ts";
import type { GitPlatform, PullRequest } from "../../../platform.ts";
import { addRepository, commitId, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import type { StandIn } from "../../../testing/stand-in/stand-in.ts";
import { bitbucketCloudDriver } from "../bitbucket-cloud.ts";
import type { CloudState } from "./cloud-json.ts";
import { API_TOKEN, EMAIL, startBitbucketCloud } from "./cloud-stand-in.ts";

/** A stand-in with one repository, acme/fleet, and its adapter. */
export interface OpenedCloud {
  readonly standIn: StandIn;
  readonly state: CloudState;
  readonly repository: RepositoryState;
  readonly platform: GitPlatform;
  readonly call: Call;
  /** Opens the request kubeferry/main -> main. */
  openRequest(): Promise<PullRequest>;
  /** Another adapter of the same stand-in. */
  open(credential: Pick<PlatformOptions, "token" | "username">): ReturnType<typeof bitbucketCloudDriver.create>;
  /** Fails when a request was not as Bitbucket would have it. */
  close(): Promise<void>;
}

/** Starts them, with an API token. */
export async function openCloud(): Promise<OpenedCloud> {
  const { standIn, state } = await startBitbucketCloud();
  const repo = { owner: "acme", name: "fleet" };
  const repository = addRepository(state.host, repo.owner, repo.name);
  repository.branches.set("kubeferry/main", commitId("kubeferry/main"));
  const opened: GitPlatform[] = [];
  const call = { signal: new AbortController().signal, log: silentLog };
  const open: OpenedCloud["open"] = (credential) => {
    const adapter = bitbucketCloudDriver.create({ apiUrl: `${standIn.url}/2.0`, repo, ...credential });
    opened.push(adapter.platform);
    return adapter;
  };
  const { platform } = open({ token: new Secret(API_TOKEN), username: EMAIL });
  const want = { from: "kubeferry/main", to: "main", title: "Update shop", body: "3 objects", draft: false };
  return {
    standIn,
    state,
    repository,
    platform,
    call,
    openRequest: () => platform.createPullRequest(repo, want, call),
    open,
    async close() {
      for (const one of opened) await one.close();
      await standIn.close();
      if (standIn.violations.length > 0) throw new Error(standIn.violations.join("\n"));
    },
  };
}
