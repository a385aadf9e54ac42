import { z } from "zod";

// The fields of Gitea's answers that are read; there are many more.

/** GET /version: "1.26.0"; Forgejo: "11.0.3+gitea-1.22.0". */
export const GiteaVersion = z.object({ version: z.string() });

const Named = z.object({ login: z.string() });

/** GET /user */
export const GiteaUser = Named;

/** GET /repos/{owner}/{repo} */
export const GiteaRepository = z.object({
  html_url: z.string(),
  default_branch: z.string(),
  empty: z.boolean(),
  archived: z.boolean(),
  has_pull_requests: z.boolean(),
  default_merge_style: z.string().optional(),
  permissions: z.object({ push: z.boolean() }).optional(),
});

/** GET /repos/{owner}/{repo}/branches/{branch} */
export const GiteaProtectedBranch = z.object({
  protected: z.boolean(),
  user_can_push: z.boolean(),
  enable_status_check: z.boolean(),
  status_check_contexts: z.array(z.string()).nullish(),
});

// repo_id is 0 for a fork that was deleted.
const GiteaBranch = z.object({ ref: z.string(), repo_id: z.number() });

/** One of GET /repos/{owner}/{repo}/pulls, and the answer to creating and changing one. */
export const GiteaPull = z.object({
  number: z.number(),
  html_url: z.string(),
  title: z.string(),
  body: z.string().nullish(),
  /** "closed" for merged ones too. */
  state: z.enum(["open", "closed"]),
  draft: z.boolean().optional(),
  labels: z.array(z.object({ name: z.string() })).nullish(),
  requested_reviewers: z.array(Named).nullish(),
  requested_reviewers_teams: z.array(z.object({ name: z.string() })).nullish(),
  assignees: z.array(Named).nullish(),
  milestone: z.object({ title: z.string() }).nullish(),
  head: GiteaBranch,
  base: GiteaBranch,
});
/** See the schema of this name. */
export type GiteaPull = z.infer<typeof GiteaPull>;

/** One of GET /repos/{owner}/{repo}/labels and /orgs/{org}/labels. */
export const GiteaLabel = z.object({ id: z.number(), name: z.string() });

/** One of GET /repos/{owner}/{repo}/milestones. */
export const GiteaMilestone = z.object({ id: z.number(), title: z.string() });

/** POST …/requested_reviewers: the reviews that were asked for anew. */
export const GiteaReviews = z.array(z.unknown());

/** One of GET …/issues/{index}/comments. `user` is a ghost without a name for one who is gone. */
export const GiteaComment = z.object({ id: z.number(), body: z.string(), user: Named.nullish() });

/** One of the `statuses` of GET …/commits/{ref}/status. */
export const GiteaStatus = z.object({
  context: z.string(),
  status: z.string(),
  description: z.string(),
  target_url: z.string(),
});
