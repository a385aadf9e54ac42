import { readFile } from "node:fs/promises";
import {
  type HostInfo,
  missingCapabilities,
  type OpenedPlatform,
  openPlatform,
  type Repository,
  type Wishes,
} from "@kubeferry/git-platform";
import { type Call, Secret } from "@kubeferry/model";
import type { GitOpsConfig, RepositoryConfig } from "@kubeferry/shared-config";
import { GitOpsError } from "../gitops-error.ts";
import { createHost, type Host, withoutHost } from "./host.ts";

/** A host that was asked whether it takes what a run will bring. */
export interface OpenHost extends Host {
  /** How git is let in, asked for before each use; undefined where git has no platform's credential. */
  readonly gitLogin: OpenedPlatform["gitLogin"] | undefined;
  /** What was wished for and will not be had, a sentence each. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}

/**
 * Opens the host before anything is read or laid out, so that what it cannot do ends or changes the run at its
 * beginning. Without a platform nobody is asked.
 * @param mode "dry-run" only looks up the credential: no question is asked
 * @throws PlatformError; GitOpsError "config" for a repository that takes no pushes or no requests
 */
export async function openHost(gitops: GitOpsConfig, mode: GitOpsConfig["mode"], call: Call): Promise<OpenHost> {
  const { platform: id } = gitops.repository;
  if (id === undefined || mode === "directory") return { ...withoutHost, ...NOTHING_OPEN };
  const opened = await openPlatform({ ...(await accessOf(gitops.repository)), platform: id });
  const { platform, repo, gitLogin } = opened;
  const close = () => platform.close();
  if (mode === "dry-run") return { ...withoutHost, gitLogin, warnings: [], close };
  try {
    const info = await platform.getHost(call);
    checkRepository(await platform.getRepository(repo, call), mode);
    if (mode === "push") return { ...withoutHost, gitLogin, warnings: [], close };
    const warnings = [...missing(info, gitops), ...(await unguarded(opened, info, gitops, call))];
    for (const warning of warnings) call.log.warn("worth a look", { operation: "gitops_finding", warning });
    return { ...createHost({ platform, repo, info }, gitops), gitLogin, warnings, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const NOTHING_OPEN = { gitLogin: undefined, warnings: [], close: async () => undefined } as const;

/** The repository as the host's adapter takes it; a key that stands in a file is read. */
async function accessOf(repository: RepositoryConfig) {
  const { app, ...access } = repository;
  if (app === undefined) return access;
  const { id, installationId, privateKey, privateKeyFile } = app;
  const key = privateKey ?? (await readKey(privateKeyFile ?? ""));
  const installation = installationId === undefined ? {} : { installationId };
  return { ...access, app: { id, privateKey: key, ...installation } };
}

async function readKey(path: string): Promise<Secret> {
  try {
    return new Secret(await readFile(path, "utf8"));
  } catch (cause) {
    throw new GitOpsError({
      kind: "config",
      who: "gitops",
      operation: `read gitops.repository.app.privateKeyFile ${path}`,
      problem: `it cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      cause,
    });
  }
}

function checkRepository({ repo, archived, canPush, takesPullRequests }: Repository, mode: GitOpsConfig["mode"]): void {
  const refuse = (problem: string, next: string): never => {
    const operation = `use repository ${repo.owner}/${repo.name}`;
    throw new GitOpsError({ kind: "config", who: "gitops", operation, problem, next });
  };
  if (archived) refuse("it is archived, and can only be read", "unarchive it, or set another gitops.repository.url");
  if (canPush === false)
    refuse("the token may not push to it", "give the token the right to write; docs/hosts.md names it for each host");
  if (mode === "pull-request" && !takesPullRequests)
    refuse("its pull requests are switched off", "switch them on in its settings, or set gitops.mode: push");
}

function missing({ product, can }: HostInfo, gitops: GitOpsConfig): readonly string[] {
  return missingCapabilities(can, wishesOf(gitops)).map(
    (what) => `${product} has no ${what}: what gitops.pullRequest says of that is left out`,
  );
}

function wishesOf({ pullRequest }: GitOpsConfig): Wishes {
  const { labels, reviewers, teamReviewers, assignees, milestone, draft, autoMerge, status } = pullRequest;
  const some = (names: readonly string[] | undefined) => (names ?? []).length > 0;
  return {
    draft,
    labels: some(labels),
    reviewers: some(reviewers),
    teamReviewers: some(teamReviewers),
    assignees: some(assignees),
    milestone: milestone !== undefined,
    autoMerge: autoMerge !== "off",
    commitStatus: status,
  };
}

/** Where no rule has to be met, a host merges by itself at once, before anybody could look. */
async function unguarded(
  { platform, repo }: OpenedPlatform,
  { can }: HostInfo,
  { pullRequest, repository }: GitOpsConfig,
  call: Call,
): Promise<readonly string[]> {
  if (pullRequest.autoMerge === "off" || !can.autoMerge) return [];
  const rules = await platform.getBranchRules(repo, repository.base, call);
  if (rules.protected !== false) return [];
  return [
    `no rule protects branch ${repository.base}: with gitops.pullRequest.autoMerge its requests are merged as soon as they are opened`,
  ];
}
