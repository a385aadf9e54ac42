import { z } from "zod";

// What GitLab takes, as far as it is asked for it. Values of a query arrive as strings.

const number = z.string().regex(/^\d+$/);
const page = { page: number.optional(), per_page: number.optional() };

/** GET …/merge_requests */
export const ListRequests = z.strictObject({
  ...page,
  state: z.enum(["opened", "closed", "locked", "merged", "all"]).optional(),
  source_branch: z.string().optional(),
  target_branch: z.string().optional(),
});

/** GET …/labels */
export const ListLabels = z.strictObject({ ...page, include_ancestor_groups: z.enum(["true", "false"]).optional() });

/** GET …/milestones */
export const ListMilestones = z.strictObject({
  title: z.string().optional(),
  state: z.enum(["active", "closed"]).optional(),
  include_ancestors: z.enum(["true", "false"]).optional(),
});

/** GET …/notes */
export const ListNotes = z.strictObject({
  ...page,
  sort: z.enum(["asc", "desc"]).optional(),
  order_by: z.enum(["created_at", "updated_at"]).optional(),
});

/** GET …/commits/{sha}/statuses */
export const ListStatuses = z.strictObject({ ...page, name: z.string().optional() });

/** GET /users */
export const ListUsers = z.strictObject({ username: z.string() });

/** POST …/merge_requests */
export const OpenRequest = z.strictObject({
  source_branch: z.string(),
  target_branch: z.string(),
  title: z.string(),
  description: z.string().optional(),
});

/** PUT …/merge_requests/{iid} */
export const ChangeRequest = z.strictObject({
  title: z.string().min(1).optional(),
  description: z.string().optional(),
  state_event: z.enum(["close", "reopen"]).optional(),
  add_labels: z.string().optional(),
  reviewer_ids: z.array(z.int()).optional(),
  assignee_ids: z.array(z.int()).optional(),
  milestone_id: z.int().optional(),
});
/** See the schema of this name. */
export type ChangeRequest = z.infer<typeof ChangeRequest>;

/** PUT …/merge_requests/{iid}/merge */
export const MergeRequest = z.strictObject({
  auto_merge: z.boolean().optional(),
  merge_when_pipeline_succeeds: z.boolean().optional(),
  sha: z.string().length(40),
  squash: z.boolean().optional(),
  should_remove_source_branch: z.boolean(),
});

/** POST and PUT of a note. */
export const NoteText = z.strictObject({ body: z.string().min(1) });

/** POST …/statuses/{sha} */
export const SetStatus = z.strictObject({
  state: z.enum(["pending", "running", "success", "failed", "canceled", "skipped"]),
  name: z.string().max(255),
  description: z.string().max(255),
  target_url: z.url().max(255).optional(),
});
