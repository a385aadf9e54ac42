import { z } from "zod";

// What Azure DevOps takes, as far as it is asked for it. Values of a query arrive as strings.

const version = { "api-version": z.literal("7.1") };
const number = z.string().regex(/^\d+$/);
const ref = z.string().startsWith("refs/heads/");

/** The query of what has no other parameters. */
export const Version = z.strictObject(version);

/** GET _apis/connectionData, which stays a preview. */
export const PreviewVersion = z.strictObject({ "api-version": z.literal("7.1-preview") });

/** Lists by `$top` and `$skip`. */
export const ListPage = z.strictObject({ ...version, $top: number.optional(), $skip: number.optional() });

/** GET …/refs */
export const ListRefs = z.strictObject({ ...version, filter: z.string().startsWith("heads/"), $top: number });

/** GET …/git/policy/configurations */
export const ListPolicies = z.strictObject({ ...version, repositoryId: z.string(), refName: ref });

/** GET …/pullrequests */
export const ListRequests = z.strictObject({
  ...version,
  "searchCriteria.status": z.enum(["active", "abandoned", "completed", "all"]),
  "searchCriteria.sourceRefName": ref,
  "searchCriteria.targetRefName": ref,
  $top: number.optional(),
  $skip: number.optional(),
});

/** GET …/commits/{commit}/statuses */
export const ListStatuses = z.strictObject({ ...version, latestOnly: z.literal("true"), top: number });

/** POST …/pullrequests */
export const OpenRequest = z.strictObject({
  sourceRefName: ref,
  targetRefName: ref,
  title: z.string().min(1),
  description: z.string(),
  isDraft: z.boolean(),
});

/** PATCH …/pullrequests/{id} */
export const ChangeRequest = z.strictObject({
  title: z.string().min(1).optional(),
  description: z.string().optional(),
  status: z.literal("abandoned").optional(),
  autoCompleteSetBy: z.strictObject({ id: z.guid() }).optional(),
  completionOptions: z
    .strictObject({
      deleteSourceBranch: z.literal(true),
      mergeStrategy: z.enum(["noFastForward", "squash", "rebase", "rebaseMerge"]).optional(),
    })
    .optional(),
});
/** See the schema of this name. */
export type ChangeRequest = z.infer<typeof ChangeRequest>;

/** POST …/labels */
export const AddLabel = z.strictObject({ name: z.string().min(1) });

/** PUT …/reviewers/{id} */
export const AskReviewer = z.strictObject({ vote: z.literal(0), isRequired: z.boolean() });

/** POST …/threads */
export const OpenThread = z.strictObject({
  comments: z
    .array(
      z.strictObject({ parentCommentId: z.literal(0), content: z.string().min(1), commentType: z.literal("text") }),
    )
    .length(1),
  status: z.literal("closed"),
});

/** PATCH …/threads/{thread}/comments/{comment} */
export const ChangeComment = z.strictObject({ content: z.string().min(1) });

/** POST of a status, of a commit or of a request. */
export const SetStatus = z.strictObject({
  state: z.enum(["succeeded", "failed", "error", "pending", "notSet", "notApplicable"]),
  description: z.string().max(255),
  targetUrl: z.url(),
  context: z.strictObject({ name: z.string().min(1), genre: z.string().optional() }),
});
/** See the schema of this name. */
export type SetStatus = z.infer<typeof SetStatus>;
