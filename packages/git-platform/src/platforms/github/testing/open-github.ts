import { Secret, silentLog } from "@kubeferry/model";
import type { OpenedAdapter, PlatformOptions } from "../../../driver.ts";
import type { GitPlatform, PullRequest, RepoRef } from "../../../platform.ts";
import { addRepository, commitId, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import { createGitHub } from "../github.ts";
import { type GitHubStandIn, startGitHub } from "./github-stand-in.ts";

/** Only the form of a token. */
export const TOKEN = `ghp_${"0123456789".repeat(4)}`;
export const REPO: RepoRef = { owner: "acme", name: "fleet" };
export const CALL = { signal: new AbortController().signal, log: silentLog };

/** A GitHub of ours with one repository, and the adapter that talks to it. */
export interface OpenedGitHub extends GitHubStandIn, OpenedAdapter {
  readonly repository: RepositoryState;
  readonly platform: GitPlatform;
  /** "GET /path" of every request. */
  sent(): readonly string[];
  /** Opens a request from a branch that is one commit ahead. */
  request(from?: string): Promise<PullRequest>;
  /** @throws Error when a request was not as GitHub would have it */
  close(): Promise<void>;
}

/** Starts both; nobody waits between tries. */
export async function openGitHub(options: Partial<PlatformOptions> = {}, paced = false): Promise<OpenedGitHub> {
  const github = await startGitHub({ tokens: { [TOKEN]: "ada" } });
  const repository = addRepository(github.state, REPO.owner, REPO.name);
  const adapter = createGitHub(
    {
      apiUrl: github.standIn.url,
      repo: REPO,
      token: new Secret(TOKEN),
      repeating: { sleep: async () => undefined },
      ...options,
    },
    { paced, now: Date.now },
  );
  return {
    ...github,
    ...adapter,
    repository,
    sent: () => github.standIn.requests.map(({ method, path }) => `${method} ${path}`),
    async request(from = "kubeferry/main") {
      repository.branches.set(from, commitId(from));
      const want = { from, to: "main", title: "Update shop", body: "3 objects", draft: false };
      return adapter.platform.createPullRequest(REPO, want, CALL);
    },
    async close() {
      await adapter.platform.close();
      await github.standIn.close();
      if (github.standIn.violations.length > 0) throw new Error(github.standIn.violations.join("\n"));
    },
  };
}
