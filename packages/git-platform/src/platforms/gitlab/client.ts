import {
  Branches,
  Commits,
  MergeRequestNotes,
  MergeRequests,
  Metadata,
  PersonalAccessTokens,
  ProjectLabels,
  ProjectMilestones,
  Projects,
  Users,
} from "@gitbeaker/rest";
import type { Call } from "@kubeferry/model";
import type { ZodType } from "zod";
import type { ForgeHttp, HttpMethod, Query } from "../../http/forge-http.ts";

/** GitLab's API: Gitbeaker knows paths and parameters, `ForgeHttp` does the talking. */
export interface GitLabClient {
  /** Its methods make requests and send nothing: hand what they give to one of the three below. */
  readonly requests: GitLabRequests;
  /** Sends a request and reads its answer. @throws PlatformError */
  json<T>(made: Promise<unknown>, what: { operation: string; answer: ZodType<T> }, call: Call): Promise<T>;
  /** As `json`, for answers that nobody reads. */
  done(made: Promise<unknown>, what: { operation: string }, call: Call): Promise<void>;
  /** Yields the items of every page; `made` names no page. */
  pages<T>(made: Promise<unknown>, what: { operation: string; item: ZodType<T> }, call: Call): AsyncIterable<T>;
}

type GitLabRequests = ReturnType<typeof requestMakers>;

/** A request as Gitbeaker made it. */
interface MadeRequest {
  readonly method: HttpMethod;
  readonly path: string;
  readonly query: Query;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** The most that GitLab gives. */
const PAGE_SIZE = 100;

/**
 * Gitbeaker's own way of sending is not used: it repeats every request ten times within a second, those that create
 * something too, and its errors hold the request with the token. Here it never has the token.
 */
export function createGitLabClient(http: ForgeHttp): GitLabClient {
  return {
    requests: requestMakers(),
    json: async (made, what, call) => http.json({ ...asRequest(await made), ...what }, call),
    done: async (made, what, call) => http.done({ ...asRequest(await made), ...what }, call),
    async *pages(made, what, call) {
      const { path, query } = asRequest(await made);
      yield* http.pages({ path, query: { ...query, per_page: PAGE_SIZE }, paging: "number", ...what }, call);
    },
  };
}

function requestMakers() {
  const options = { host: "", queryTimeout: null, requesterFn };
  return {
    branches: new Branches(options),
    commits: new Commits(options),
    labels: new ProjectLabels(options),
    mergeRequests: new MergeRequests(options),
    metadata: new Metadata(options),
    milestones: new ProjectMilestones(options),
    notes: new MergeRequestNotes(options),
    projects: new Projects(options),
    tokens: new PersonalAccessTokens(options),
    users: new Users(options),
  };
}

interface Parameters {
  readonly searchParams?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

// Gitbeaker calls this with what it would send and hands back `body`: the request itself comes out again.
function requesterFn({ url }: { readonly url: string }) {
  const below = url.replace(/^\/api\/v4/, "").replace(/\/$/, "");
  const make =
    (method: HttpMethod) =>
    async (endpoint: string, { searchParams, body }: Parameters = {}) => ({
      body: {
        method,
        path: `${below}/${endpoint}`,
        query: snakeKeys(searchParams ?? {}),
        ...(body === undefined ? {} : { body: snakeKeys(body as Readonly<Record<string, unknown>>) }),
      } as never,
      headers: {},
      status: 200,
    });
  return { get: make("GET"), post: make("POST"), put: make("PUT"), patch: make("PATCH"), delete: make("DELETE") };
}

function asRequest(made: unknown): MadeRequest {
  const request = made as MadeRequest;
  if (request.method === "GET" || Object.keys(request.body ?? {}).length > 0) return request;
  const { body: _empty, ...bare } = request;
  return bare;
}

function snakeKeys(given: Readonly<Record<string, unknown>>): Query {
  const entries = Object.entries(given).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`), value]),
  ) as Query;
}
