import { z } from "zod";

// The fields of GitHub's answers that are read; there are many more.

/** GET /user */
export const GitHubUser = z.object({ login: z.string() });

/** GET /meta; its headers are what is read. */
export const GitHubMeta = z.object({});

/** GET /app */
export const GitHubApp = z.object({ slug: z.string() });

/** GET /repos/{owner}/{repo}/installation */
export const GitHubInstallation = z.object({ id: z.number() });

/** POST /app/installations/{installation_id}/access_tokens */
export const GitHubInstallationToken = z.object({
  token: z.string().min(1),
  expires_at: z.iso.datetime({ offset: true }),
  permissions: z.record(z.string(), z.string()).default({}),
});

/** GET /repos/{owner}/{repo} */
export const GitHubRepository = z.object({
  html_url: z.string(),
  default_branch: z.string(),
  /** In kilobytes, and behind by some minutes: 0 for a repository that is empty, small or new. */
  size: z.number(),
  archived: z.boolean(),
  disabled: z.boolean().optional(),
  /** Not sent by servers that cannot switch them off. */
  has_pull_requests: z.boolean().optional(),
  permissions: z.object({ push: z.boolean() }).optional(),
});

/** GET /repos/{owner}/{repo}/branches/{branch} */
export const GitHubBranch = z.object({
  protected: z.boolean(),
  protection: z
    .object({
      required_status_checks: z
        .object({
          contexts: z.array(z.string()).optional(),
          checks: z.array(z.object({ context: z.string() })).optional(),
        })
        .nullish(),
    })
    .optional(),
});
/** See the schema of this name. */
export type GitHubBranch = z.infer<typeof GitHubBranch>;

/** One of GET /repos/{owner}/{repo}/rules/branches/{branch}: a rule of a ruleset that is in force. */
export const GitHubRule = z.object({
  type: z.string(),
  parameters: z.object({ required_status_checks: z.array(z.object({ context: z.string() })).optional() }).optional(),
});
/** See the schema of this name. */
export type GitHubRule = z.infer<typeof GitHubRule>;

// The repository is null when a fork was deleted.
const GitHubEnd = z.object({ ref: z.string(), repo: z.object({ id: z.number() }).nullish() });

/** One of GET /repos/{owner}/{repo}/pulls, and the answer to creating and changing one. */
export const GitHubPull = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  /** "closed" for merged ones too. */
  state: z.enum(["open", "closed"]),
  draft: z.boolean().default(false),
  labels: z.array(z.object({ name: z.string() })).default([]),
  head: GitHubEnd,
  base: GitHubEnd,
});
/** See the schema of this name. */
export type GitHubPull = z.infer<typeof GitHubPull>;

const People = z.array(z.object({ login: z.string() })).nullish();

/** GET /repos/{owner}/{repo}/pulls/{number}, and the answer to asking for reviews. */
export const GitHubPeople = z.object({
  requested_reviewers: People,
  requested_teams: z.array(z.object({ slug: z.string() })).nullish(),
  assignees: People,
  milestone: z.object({ title: z.string() }).nullish(),
});
/** See the schema of this name. */
export type GitHubPeople = z.infer<typeof GitHubPeople>;

/** Answer of POST /repos/{owner}/{repo}/issues/{number}/assignees */
export const GitHubAssigned = z.object({ assignees: People });

/** One of GET /repos/{owner}/{repo}/labels */
export const GitHubLabel = z.object({ name: z.string() });

/** One of GET /repos/{owner}/{repo}/milestones */
export const GitHubMilestone = z.object({ number: z.number(), title: z.string() });

/** One of GET /repos/{owner}/{repo}/issues/{number}/comments; a user who is gone is null. */
export const GitHubComment = z.object({
  id: z.number(),
  body: z.string().nullish(),
  user: z.object({ login: z.string() }).nullish(),
});

/** One of `statuses` of GET /repos/{owner}/{repo}/commits/{ref}/status. */
export const GitHubStatus = z.object({
  context: z.string(),
  state: z.enum(["error", "failure", "pending", "success"]),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});
/** See the schema of this name. */
export type GitHubStatus = z.infer<typeof GitHubStatus>;

/** How GraphQL calls the ways to merge. */
export const GraphqlMergeMethod = z.enum(["MERGE", "SQUASH", "REBASE"]);
/** See the schema of this name. */
export type GraphqlMergeMethod = z.infer<typeof GraphqlMergeMethod>;

/** What is looked at before auto-merge is set or taken back; null for what the token may not see. */
export const GraphqlMergeState = z.object({
  repository: z
    .object({
      autoMergeAllowed: z.boolean(),
      mergeCommitAllowed: z.boolean(),
      squashMergeAllowed: z.boolean(),
      rebaseMergeAllowed: z.boolean(),
      viewerDefaultMergeMethod: GraphqlMergeMethod,
      deleteBranchOnMerge: z.boolean(),
      mergeQueue: z.object({ id: z.string() }).nullable(),
      pullRequest: z
        .object({
          id: z.string(),
          state: z.enum(["OPEN", "CLOSED", "MERGED"]),
          isDraft: z.boolean(),
          headRefOid: z.string(),
          isInMergeQueue: z.boolean(),
          autoMergeRequest: z.object({ mergeMethod: GraphqlMergeMethod }).nullable(),
        })
        .nullable(),
    })
    .nullable(),
});
/** See the schema of this name. */
export type GraphqlMergeState = z.infer<typeof GraphqlMergeState>;

/** What GraphQL says went wrong, with status 200. */
export const GraphqlProblem = z.object({ type: z.string().optional(), message: z.string() });
/** See the schema of this name. */
export type GraphqlProblem = z.infer<typeof GraphqlProblem>;
