import { z } from "zod";

// The fields of Bitbucket's answers that are read; there are many more.

/** What is around the items of every list. */
export const CloudPage = z.object({ next: z.string().optional().catch(undefined) });

/** Whoever has an account. Which of the names there are depends on the account, and on what it shows. */
export const CloudAccount = z.object({
  /** "{504c3b62-8120-4f0c-a7bc-87800b9d6f70}" */
  uuid: z.string(),
  account_id: z.string().nullish(),
  nickname: z.string().nullish(),
  display_name: z.string().nullish(),
});
/** See the schema of this name. */
export type CloudAccount = z.infer<typeof CloudAccount>;

/** GET /repositories/{workspace}/{repo_slug} */
export const CloudRepository = z.object({
  /** Null until something is pushed. */
  mainbranch: z.object({ name: z.string() }).nullish(),
  links: z.object({ html: z.object({ href: z.string() }) }),
});

// The repository is null for a fork that was deleted.
const CloudEnd = z.object({
  branch: z.object({ name: z.string() }),
  repository: z.object({ uuid: z.string() }).nullish(),
});

/** One of GET …/pullrequests, and the answer to creating and changing one. */
export const CloudPull = z.object({
  id: z.number(),
  title: z.string(),
  description: z.string().nullish(),
  summary: z.object({ raw: z.string().nullish() }).nullish(),
  state: z.string(),
  draft: z.boolean().optional(),
  close_source_branch: z.boolean().nullish(),
  source: CloudEnd,
  destination: CloudEnd,
  /** Not in lists. */
  reviewers: z.array(CloudAccount).optional(),
  links: z.object({ html: z.object({ href: z.string() }) }),
});
/** See the schema of this name. */
export type CloudPull = z.infer<typeof CloudPull>;

/** One of GET …/pullrequests/{id}/comments. */
export const CloudComment = z.object({
  id: z.number(),
  deleted: z.boolean().optional(),
  content: z.object({ raw: z.string().nullish() }),
  user: CloudAccount.nullish(),
});
/** See the schema of this name. */
export type CloudComment = z.infer<typeof CloudComment>;

/** One of GET …/commit/{commit}/statuses. */
export const CloudStatus = z.object({
  key: z.string(),
  state: z.string(),
  description: z.string().nullish(),
  url: z.string().nullish(),
});

/** One of GET …/refs/branches. */
export const CloudBranch = z.object({ name: z.string() });

/** One of GET …/branch-restrictions. */
export const CloudRestriction = z.object({
  kind: z.string(),
  branch_match_kind: z.string().nullish(),
  pattern: z.string().nullish(),
  users: z.array(z.unknown()).nullish(),
  groups: z.array(z.unknown()).nullish(),
});
/** See the schema of this name. */
export type CloudRestriction = z.infer<typeof CloudRestriction>;

/** One of GET /workspaces/{workspace}/members and of …/effective-default-reviewers. */
export const CloudMember = z.object({ user: CloudAccount });

/** What an answer that is an error says. */
export const CloudFault = z.object({
  error: z.object({
    message: z.string().catch(""),
    fields: z
      .record(z.string(), z.union([z.array(z.string()), z.string()]))
      .optional()
      .catch(undefined),
    detail: z
      .object({ granted: z.array(z.string()).optional().catch(undefined) })
      .optional()
      .catch(undefined),
  }),
});
/** See the schema of this name. */
export type CloudFault = z.infer<typeof CloudFault>["error"];
