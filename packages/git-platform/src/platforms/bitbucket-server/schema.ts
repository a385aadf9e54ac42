import { z } from "zod";

// The fields of Bitbucket's answers that are read; there are many more.

/** What is around the items of every list. */
export const ServerPage = z.object({
  isLastPage: z.boolean().optional().catch(undefined),
  nextPageStart: z.number().nullish().catch(undefined),
});

/** GET /application-properties */
export const ServerProperties = z.object({ version: z.string() });

/** GET …/repos/{repositorySlug} */
export const ServerRepository = z.object({
  /** Since 8.0. */
  archived: z.boolean().optional(),
  links: z.object({ self: z.array(z.object({ href: z.string() })) }),
});

/** GET …/default-branch, and one of GET …/branches. */
export const ServerBranch = z.object({ id: z.string(), displayId: z.string() });

/** Who has an account, by the name they sign in with. */
const ServerUser = z.object({ name: z.string() });

const ServerRef = z.object({
  id: z.string(),
  displayId: z.string(),
  latestCommit: z.string().nullish(),
  repository: z.object({ id: z.number() }),
});

/** One of GET …/pull-requests, and the answer to creating and changing one. */
export const ServerPull = z.object({
  id: z.number(),
  /** Counts its changes; a change has to name the one it is made to. */
  version: z.number(),
  title: z.string(),
  description: z.string().nullish(),
  state: z.string(),
  /** Since 8.18. */
  draft: z.boolean().optional(),
  fromRef: ServerRef,
  toRef: ServerRef,
  reviewers: z.array(z.object({ user: ServerUser })),
  links: z.object({ self: z.array(z.object({ href: z.string() })) }),
});
/** See the schema of this name. */
export type ServerPull = z.infer<typeof ServerPull>;

/** A comment, with the answers to it. */
export interface ServerComment {
  readonly id: number;
  readonly version: number;
  readonly text: string;
  readonly author?: { readonly name: string } | null | undefined;
  readonly comments?: readonly ServerComment[] | null | undefined;
}
/** See the type of this name. */
export const ServerComment: z.ZodType<ServerComment> = z.object({
  id: z.number(),
  version: z.number(),
  text: z.string(),
  author: ServerUser.nullish(),
  get comments() {
    return z.array(ServerComment).nullish();
  },
});

/** One of GET …/activities. */
export const ServerActivity = z.object({
  action: z.string(),
  commentAction: z.string().optional(),
  comment: ServerComment.optional(),
});

/** GET …/commits/{commitId}/builds?key=, and one of GET /build-status/latest/commits/{commitId}. */
export const ServerBuild = z.object({
  key: z.string(),
  state: z.string(),
  description: z.string().nullish(),
  url: z.string(),
});
/** See the schema of this name. */
export type ServerBuild = z.infer<typeof ServerBuild>;

// ANY_REF, BRANCH, PATTERN, and two kinds that go by the branching model.
const ServerMatcher = z.object({ id: z.string(), type: z.object({ id: z.string() }) });
/** Which branches something is about. */
export type ServerMatcher = z.infer<typeof ServerMatcher>;

/** One of GET /branch-permissions/…/restrictions. */
export const ServerRestriction = z.object({
  type: z.string(),
  matcher: ServerMatcher,
  users: z.array(z.unknown()).nullish(),
  groups: z.array(z.unknown()).nullish(),
  accessKeys: z.array(z.unknown()).nullish(),
});
/** See the schema of this name. */
export type ServerRestriction = z.infer<typeof ServerRestriction>;

/** One of GET /required-builds/…/conditions. */
export const ServerCondition = z.object({ buildParentKeys: z.array(z.string()), refMatcher: ServerMatcher });

/** One of GET …/settings/reviewer-groups. */
export const ServerReviewerGroup = z.object({
  name: z.string(),
  users: z.array(z.object({ name: z.string(), active: z.boolean().optional() })).nullish(),
});

/** GET …/settings/auto-merge */
export const ServerAutoMergeSettings = z.object({ enabled: z.boolean() });

/** GET …/settings/pull-requests */
export const ServerPullSettings = z.object({
  mergeConfig: z.object({ strategies: z.array(z.object({ id: z.string(), enabled: z.boolean().optional() })) }),
});

/** GET …/pull-requests/{pullRequestId}/auto-merge, where it is set. */
export const ServerAutoMerge = z.object({ fromHash: z.string().nullish(), strategyId: z.string().nullish() });
/** See the schema of this name. */
export type ServerAutoMerge = z.infer<typeof ServerAutoMerge>;

/** What an answer that is an error says. */
export const ServerFaults = z.object({
  errors: z.array(
    z.object({
      exceptionName: z.string().nullish(),
      reviewerErrors: z
        .array(z.object({ context: z.string().nullish() }))
        .nullish()
        .catch(undefined),
    }),
  ),
});
