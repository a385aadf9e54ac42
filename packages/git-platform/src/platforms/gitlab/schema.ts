import { z } from "zod";

// The fields of GitLab's answers that are read; there are many more.

/** GET /metadata */
export const GitLabMetadata = z.object({ version: z.string() });

/** GET /user, and one of GET /users. */
export const GitLabUser = z.object({ id: z.number(), username: z.string(), state: z.string().optional() });
/** See the schema of this name. */
export type GitLabUser = z.infer<typeof GitLabUser>;

/** GET /personal_access_tokens/self: of project and group tokens too. */
export const GitLabToken = z.object({ scopes: z.array(z.string()) });

// Null without a membership of this kind; a group that was invited is in neither.
const Access = z.object({ access_level: z.number() }).nullish();

/** GET /projects/{id} */
export const GitLabProject = z.object({
  web_url: z.string(),
  /** Null before the first push. */
  default_branch: z.string().nullish(),
  empty_repo: z.boolean().optional(),
  archived: z.boolean().optional(),
  merge_requests_enabled: z.boolean().optional(),
  merge_requests_access_level: z.string().optional(),
  permissions: z.object({ project_access: Access, group_access: Access }).optional(),
  merge_method: z.string().optional(),
  squash_option: z.string().optional(),
  merge_trains_enabled: z.boolean().nullish(),
});
/** See the schema of this name. */
export type GitLabProject = z.infer<typeof GitLabProject>;

/** GET /projects/{id}/repository/branches/{branch} */
export const GitLabBranch = z.object({
  protected: z.boolean(),
  can_push: z.boolean().optional(),
  commit: z.object({ id: z.string() }),
});
/** See the schema of this name. */
export type GitLabBranch = z.infer<typeof GitLabBranch>;

const Person = z.object({ id: z.number(), username: z.string() });

/** One of GET /projects/{id}/merge_requests, and the answer to creating and changing one. */
export const GitLabMergeRequest = z.object({
  iid: z.number(),
  web_url: z.string(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.string(),
  draft: z.boolean().optional(),
  labels: z.array(z.string()),
  source_branch: z.string(),
  target_branch: z.string(),
  /** Null for a fork that was deleted. */
  source_project_id: z.number().nullish(),
  target_project_id: z.number(),
  /** The newest commit that the host has seen of the source branch. */
  sha: z.string().nullish(),
  /** Whether auto-merge is set, of whatever kind. */
  merge_when_pipeline_succeeds: z.boolean().optional(),
  detailed_merge_status: z.string().optional(),
  reviewers: z.array(Person).optional(),
  assignees: z.array(Person).optional(),
  milestone: z.object({ id: z.number(), title: z.string() }).nullish(),
});
/** See the schema of this name. */
export type GitLabMergeRequest = z.infer<typeof GitLabMergeRequest>;

/** One of GET /projects/{id}/labels: the project's, and those of the groups above it. */
export const GitLabLabel = z.object({ name: z.string() });

/** One of GET /projects/{id}/milestones. */
export const GitLabMilestone = z.object({ id: z.number(), title: z.string() });

/** One of GET /projects/{id}/merge_requests/{iid}/notes. */
export const GitLabNote = z.object({
  id: z.number(),
  body: z.string(),
  /** True for what GitLab itself writes: "added 1 commit". */
  system: z.boolean(),
  author: z.object({ username: z.string() }).nullish(),
});

/** One of GET /projects/{id}/repository/commits/{sha}/statuses: one a name and ref. */
export const GitLabStatus = z.object({
  id: z.number(),
  name: z.string(),
  status: z.string(),
  description: z.string().nullish(),
  target_url: z.string().nullish(),
});
/** See the schema of this name. */
export type GitLabStatus = z.infer<typeof GitLabStatus>;
