import { Buffer } from "node:buffer";
import { z } from "zod";
import { createHostState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { type StandIn, startStandIn } from "../../../testing/stand-in/stand-in.ts";
import {
  branchJson,
  fault,
  listed,
  repositoryJson,
  resetServer,
  type ServerState,
  userJson,
  withRepository,
} from "./server-json.ts";
import { mergeRoutes } from "./server-merges.ts";
import { pullRoutes } from "./server-pulls.ts";

/** An HTTP access token. */
export const ACCESS_TOKEN = "BBDC-stand-in-access-token";
/** The password of the user "robot". */
export const PASSWORD = "stand-in pässword";

const REPOSITORY = "/rest/api/latest/projects/{project}/repos/{repo}";
const RESTRICTIONS = "/rest/branch-permissions/latest/projects/{project}/repos/{repo}/restrictions";
const CONDITIONS = "/rest/required-builds/latest/projects/{project}/repos/{repo}/conditions";

/** Bitbucket Data Center on a loopback port, and what it remembers. */
export async function startBitbucketServer(): Promise<{ readonly standIn: StandIn; readonly state: ServerState }> {
  const state: ServerState = {
    host: createHostState({ users: [], teams: [] }),
    version: "",
    fromForks: new Set(),
    groups: new Map(),
    left: new Set(),
    strategies: [],
    admin: true,
    outOfDate: 0,
    autoMerges: new Map(),
  };
  resetServer(state);
  const leftOut = "left out when the description was cut";
  const standIn = await startStandIn({
    description: "bitbucket-dc",
    routes: [...pullRoutes(state), ...mergeRoutes(state), ...otherRoutes(state)],
    beyond: {
      [`GET ${RESTRICTIONS}`]: leftOut,
      [`GET ${CONDITIONS}`]: leftOut,
      [`GET ${REPOSITORY}/settings/auto-merge`]: leftOut,
      [`GET ${REPOSITORY}/settings/pull-requests`]: leftOut,
      [`GET ${REPOSITORY}/settings/reviewer-groups`]: leftOut,
      [`GET ${REPOSITORY}/pull-requests/{number}/auto-merge`]: leftOut,
      [`DELETE ${REPOSITORY}/pull-requests/{number}/auto-merge`]: leftOut,
      [`GET ${REPOSITORY}/pull-requests/{number}/comments/{comment}`]: leftOut,
      [`GET ${REPOSITORY}/commits/{commit}/builds`]: leftOut,
      "GET /rest/build-status/latest/commits/{commit}": leftOut,
    },
    authenticate,
    credentials: [ACCESS_TOKEN, PASSWORD, basicOf("robot", PASSWORD)],
    invalidStatus: 400,
  });
  return { standIn, state };
}

function authenticate(headers: Readonly<Record<string, string>>): string | StandInAnswer {
  if (headers["x-atlassian-token"] !== "no-check") return { status: 403, json: { message: "XSRF check failed" } };
  const known = [`Bearer ${ACCESS_TOKEN}`, `Basic ${basicOf("robot", PASSWORD)}`];
  if (known.includes(headers.authorization ?? "")) return "robot";
  return fault(401, "auth.IncorrectPasswordAuthenticationException");
}

function otherRoutes(state: ServerState): readonly Route[] {
  const Paging = { start: z.coerce.number().optional(), limit: z.coerce.number().optional() };
  return [
    route("GET /rest/api/latest/application-properties", {}, ({ user }) => ({
      status: 200,
      json: { version: state.version, buildNumber: "9004000", displayName: "Bitbucket" },
      headers: { "x-ausername": encodeURIComponent(user) },
    })),
    route(`GET ${REPOSITORY}`, {}, (request) =>
      withRepository(state, request, (repository) => ({ status: 200, json: repositoryJson(repository) })),
    ),
    route(`GET ${REPOSITORY}/default-branch`, {}, (request) =>
      withRepository(state, request, ({ branches }) =>
        branches.has("main")
          ? { status: 200, json: branchJson("main") }
          : fault(404, "repository.NoDefaultBranchException"),
      ),
    ),
    route(
      `GET ${REPOSITORY}/branches`,
      { query: z.strictObject({ ...Paging, filterText: z.string().optional() }) },
      (request) =>
        withRepository(state, request, ({ branches }) => {
          const names = [...branches.keys()].filter((name) => name.includes(request.query.filterText ?? ""));
          return listed(request.query, names, branchJson);
        }),
    ),
    route(`GET ${REPOSITORY}/settings/reviewer-groups`, { query: z.strictObject(Paging) }, (request) =>
      withRepository(state, request, () =>
        listed(request.query, [...state.groups], ([name, users]) => ({ name, users: users.map(userJson) })),
      ),
    ),
    route(`GET ${RESTRICTIONS}`, { query: z.strictObject(Paging) }, (request) =>
      withRepository(state, request, ({ rules }) => {
        if (!state.admin) return fault(401, "AuthorisationException");
        const restrictions = [...rules].flatMap(([branch, { mayPush }]) => {
          const at = { matcher: matcherOf(branch), users: [], groups: [], accessKeys: [] };
          return [{ ...at, type: "no-deletes" }, ...(mayPush ? [] : [{ ...at, type: "pull-request-only" }])];
        });
        return listed(request.query, restrictions, (one) => one);
      }),
    ),
    route(`GET ${CONDITIONS}`, { query: z.strictObject(Paging) }, (request) =>
      withRepository(state, request, ({ rules }) => {
        const demanding = [...rules].filter(([, { requiredStatuses }]) => requiredStatuses.length > 0);
        return listed(request.query, demanding, ([branch, { requiredStatuses }]) => ({
          buildParentKeys: requiredStatuses,
          refMatcher: matcherOf(branch),
        }));
      }),
    ),
  ];
}

// A branch by its name; with an asterisk a pattern; "development" of the branching model.
function matcherOf(branch: string): Readonly<Record<string, unknown>> {
  if (branch === "model:development") return { id: "development", type: { id: "MODEL_BRANCH" } };
  return branch.includes("*")
    ? { id: branch, type: { id: "PATTERN" } }
    : { id: `refs/heads/${branch}`, type: { id: "BRANCH" } };
}

function basicOf(username: string, token: string): string {
  return Buffer.from(`${username}:${token}`, "utf8").toString("base64");
}
