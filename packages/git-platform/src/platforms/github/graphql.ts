import type { Call } from "@kubeferry/model";
import { type ZodType, z } from "zod";
import type { Meaning } from "../../http/answer-error.ts";
import { PlatformError } from "../../platform-error.ts";
import type { GitHubApi } from "./api.ts";
import { GraphqlProblem } from "./schema.ts";

/** One query or mutation. */
export interface GraphqlAsk<T> {
  readonly operation: string;
  readonly document: string;
  readonly variables: Readonly<Record<string, string | number>>;
  readonly answer: ZodType<T>;
}

/** What was answered; "refused" with the host's reasons, to be looked at and not shown. */
export type GraphqlOutcome<T> =
  | { readonly type: "data"; readonly data: T }
  | { readonly type: "refused"; readonly reasons: string };

/**
 * Asks GitHub's GraphQL API, which says everything with status 200.
 * @throws PlatformError for what is not about the values: rights, limits, something that is not there
 */
export async function askGraphql<T>(
  api: GitHubApi,
  { operation, document, variables, answer }: GraphqlAsk<T>,
  call: Call,
): Promise<GraphqlOutcome<T>> {
  const around = z.object({ data: answer.nullish(), errors: z.array(GraphqlProblem).nullish() });
  const send = { operation, answer: around } as const;
  const { data, errors } = await api.ask(
    { ...send, send: (github) => github.graphql(document, { ...variables }) },
    call,
  );
  const [first] = errors ?? [];
  if (first === undefined && data !== null && data !== undefined) return { type: "data", data };
  const meaning = first === undefined ? NOTHING : meaningOf(first);
  if (meaning !== undefined) throw new PlatformError({ who: "github", operation, ...meaning });
  return { type: "refused", reasons: (errors ?? []).map(({ message }) => message).join("\n") };
}

const NOTHING: Meaning = { kind: "invalid", problem: "the answer holds neither data nor an error" };

function meaningOf({ type, message }: GraphqlProblem): Meaning | undefined {
  switch (type) {
    case "NOT_FOUND":
      return { kind: "not-found", problem: "GitHub does not know it, or does not show it to this token" };
    case "FORBIDDEN":
    case "INSUFFICIENT_SCOPES":
      return forbidden();
    case "RATE_LIMITED":
      return { kind: "rate-limited", problem: "the limit of GitHub's GraphQL API is used up", next: "run again later" };
    default:
      return /Resource not accessible/i.test(message) ? forbidden() : undefined;
  }
}

function forbidden(): Meaning {
  const next = "give it write access to contents and pull requests (a classic token: the scope repo)";
  return { kind: "denied", problem: "the token may not do this", next };
}
