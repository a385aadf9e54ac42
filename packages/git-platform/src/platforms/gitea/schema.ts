import { z } from "zod";

// The fields of Gitea's answers that are read; there are many more.

/** GET /repos/{owner}/{repo} */
export const GiteaRepository = z.object({
  html_url: z.string(),
  default_branch: z.string(),
  empty: z.boolean(),
  archived: z.boolean(),
  has_pull_requests: z.boolean(),
  permissions: z.object({ push: z.boolean() }).optional(),
});
/** See the schema of this name. */
export type GiteaRepository = z.infer<typeof GiteaRepository>;

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
  head: GiteaBranch,
  base: GiteaBranch,
});
/** See the schema of this name. */
export type GiteaPull = z.infer<typeof GiteaPull>;

/** One of GET /repos/{owner}/{repo}/labels. */
export const GiteaLabel = z.object({ id: z.number(), name: z.string() });
/** See the schema of this name. */
export type GiteaLabel = z.infer<typeof GiteaLabel>;
