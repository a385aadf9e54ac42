import { z } from "zod";

// The fields of Azure DevOps' answers that are read; there are many more.

/** A list as Azure DevOps wraps it. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ value: z.array(item) });
}

/** GET _apis/connectionData: who is asking, and what is asked. */
export const AzureConnection = z.object({
  authenticatedUser: z.object({
    id: z.string(),
    providerDisplayName: z.string().nullish(),
    customDisplayName: z.string().nullish(),
    properties: z.object({ Account: z.object({ $value: z.string() }).optional() }).optional(),
  }),
  /** "hosted" or "onPremises". */
  deploymentType: z.string().optional(),
});

/** GET …/repositories/{repo} */
export const AzureRepository = z.object({
  id: z.string(),
  webUrl: z.string().optional(),
  /** "refs/heads/main"; missing before the first push. */
  defaultBranch: z.string().optional(),
  isDisabled: z.boolean().optional(),
});

/** One of GET …/refs */
export const AzureRef = z.object({
  name: z.string(),
  objectId: z.string(),
  isLocked: z.boolean().optional(),
});
/** See the schema of this name. */
export type AzureRef = z.infer<typeof AzureRef>;

/** One of GET …/git/policy/configurations */
export const AzurePolicy = z.object({
  isEnabled: z.boolean(),
  isBlocking: z.boolean(),
  isDeleted: z.boolean().optional(),
  type: z.object({ id: z.string() }),
  settings: z.object({ statusName: z.string().nullish(), statusGenre: z.string().nullish() }).optional(),
});
/** See the schema of this name. */
export type AzurePolicy = z.infer<typeof AzurePolicy>;

const Identity = z.object({ id: z.string(), displayName: z.string().optional(), uniqueName: z.string().optional() });

/** A pull request; in a list its description is cut at 400 characters. */
export const AzurePull = z.object({
  pullRequestId: z.number(),
  title: z.string(),
  description: z.string().nullish(),
  /** "active", "abandoned" or "completed". */
  status: z.string(),
  isDraft: z.boolean().optional(),
  sourceRefName: z.string(),
  targetRefName: z.string(),
  /** There for a request from a fork. */
  forkSource: z.unknown().optional(),
  autoCompleteSetBy: z.object({ id: z.string() }).nullish(),
  reviewers: z.array(Identity).nullish(),
});
/** See the schema of this name. */
export type AzurePull = z.infer<typeof AzurePull>;

/** One of GET …/labels; one that was taken away stays, not active. */
export const AzureLabel = z.object({ name: z.string(), active: z.boolean().optional() });

/** One of GET _apis/projects/{project}/teams */
export const AzureTeam = z.object({ id: z.string(), name: z.string() });
/** See the schema of this name. */
export type AzureTeam = z.infer<typeof AzureTeam>;

/** One of GET _apis/projects/{project}/teams/{team}/members */
export const AzureMember = z.object({ identity: Identity });

/** One of GET …/threads: comments, and what Azure DevOps itself writes among them. */
export const AzureThread = z.object({
  id: z.number(),
  isDeleted: z.boolean().nullish(),
  comments: z.array(
    z.object({
      id: z.number(),
      content: z.string().nullish(),
      /** "text", "codeChange" or "system". */
      commentType: z.string().optional(),
      isDeleted: z.boolean().nullish(),
      publishedDate: z.string().optional(),
      author: Identity.nullish(),
    }),
  ),
});
/** See the schema of this name. */
export type AzureThread = z.infer<typeof AzureThread>;

/** One of GET …/commits/{commit}/statuses */
export const AzureStatus = z.object({
  state: z.string(),
  description: z.string().nullish(),
  targetUrl: z.string().nullish(),
  context: z.object({ name: z.string(), genre: z.string().nullish() }),
});
/** See the schema of this name. */
export type AzureStatus = z.infer<typeof AzureStatus>;
