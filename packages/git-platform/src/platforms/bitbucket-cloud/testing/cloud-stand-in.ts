import { Buffer } from "node:buffer";
import { z } from "zod";
import { createHostState, setStatus } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { type StandIn, startStandIn } from "../../../testing/stand-in/stand-in.ts";
import {
  accountJson,
  type CloudState,
  fault,
  listed,
  repositoryJson,
  resetCloud,
  statusJson,
  withRepository,
} from "./cloud-json.ts";
import { pullRoutes } from "./cloud-pulls.ts";

/** The account that the API token belongs to. */
export const EMAIL = "robot@example.com";
/** An API token, which goes with the e-mail address. */
export const API_TOKEN = "ATATT3xFfGF0-stand-in-api-token";
/** An access token of the repository, which goes alone. */
export const ACCESS_TOKEN = "ATCTT3xFfGN0-stand-in-access-token";

const REPOSITORY = "/2.0/repositories/{workspace}/{repo}";

const LEFT_OUT = "left out when the description was cut";
const IN_WORDS = "that every list takes q, page and pagelen is said in words only";

/** Bitbucket Cloud on a loopback port, and what it remembers. */
export async function startBitbucketCloud(): Promise<{ readonly standIn: StandIn; readonly state: CloudState }> {
  const host = createHostState({ users: [], teams: [] });
  const state: CloudState = { host, fromForks: new Set(), left: new Set(), admin: true, namesNobody: false };
  resetCloud(state);
  const standIn = await startStandIn({
    description: "bitbucket-cloud",
    routes: [...pullRoutes(state), ...otherRoutes(state)],
    beyond: {
      [`GET ${REPOSITORY}/branch-restrictions`]: LEFT_OUT,
      "GET /2.0/workspaces/{workspace}/members": LEFT_OUT,
      "GET /2.0/workspaces/{workspace}/members/{member}": LEFT_OUT,
      [`GET ${REPOSITORY}/pullrequests`]: IN_WORDS,
      [`GET ${REPOSITORY}/pullrequests/{number}/comments`]: IN_WORDS,
      [`GET ${REPOSITORY}/refs/branches`]: IN_WORDS,
      [`GET ${REPOSITORY}/effective-default-reviewers`]: IN_WORDS,
      [`GET ${REPOSITORY}/commit/{commit}/statuses`]: IN_WORDS,
    },
    authenticate,
    credentials: [API_TOKEN, ACCESS_TOKEN, basicOf(EMAIL, API_TOKEN)],
    invalidStatus: 400,
  });
  return { standIn, state };
}

function authenticate({ authorization }: Readonly<Record<string, string>>, path: string): string | StandInAnswer {
  if (authorization === `Basic ${basicOf(EMAIL, API_TOKEN)}`) return "robot";
  if (authorization !== `Bearer ${ACCESS_TOKEN}`) {
    return fault(401, "Token is invalid, expired, or not supported for this endpoint.");
  }
  // Access tokens belong to no user, and see none.
  if (!/^\/2\.0\/(user|workspaces)\b/.test(path)) return "robot";
  const detail = { granted: ["repository:write", "pullrequest:write"], required: ["account"] };
  return fault(403, "Your credentials lack one or more required privilege scopes.", { detail });
}

function otherRoutes(state: CloudState): readonly Route[] {
  const Paging = { pagelen: z.coerce.number().int().min(1).max(100).optional(), page: z.string().optional() };
  return [
    route("GET /2.0/user", {}, ({ user }) => ({
      status: 200,
      json: accountJson(user),
      headers: { "x-oauth-scopes": "write:repository:bitbucket, write:pullrequest:bitbucket" },
    })),
    route(`GET ${REPOSITORY}`, {}, (request) =>
      withRepository(state, request, (repository) => ({ status: 200, json: repositoryJson(repository) })),
    ),
    route(`GET ${REPOSITORY}/refs/branches`, { query: z.strictObject({ ...Paging, q: z.string() }) }, (request) =>
      withRepository(state, request, ({ branches }) => {
        const name = /^name = "(.*)"$/.exec(request.query.q)?.[1]?.replace(/\\(.)/g, "$1");
        return listed(
          request,
          [...branches.keys()].filter((branch) => branch === name),
          (branch) => ({
            type: "branch",
            name: branch,
          }),
        );
      }),
    ),
    route(`GET ${REPOSITORY}/branch-restrictions`, { query: z.strictObject(Paging) }, (request) =>
      withRepository(state, request, ({ rules }) => {
        if (!state.admin) return fault(403, "Access denied. You must have admin access.");
        const restrictions = [...rules].flatMap(([pattern, { mayPush }]) => {
          const at = { branch_match_kind: "glob", pattern, users: [], groups: [] };
          return [{ ...at, kind: "force" }, ...(mayPush ? [] : [{ ...at, kind: "push" }])];
        });
        return listed(request, restrictions, (one) => one);
      }),
    ),
    route(`GET ${REPOSITORY}/effective-default-reviewers`, { query: z.strictObject(Paging) }, (request) =>
      withRepository(state, request, () =>
        listed(request, ["grace"], (name) => ({ reviewer_type: "repository", user: accountJson(name) })),
      ),
    ),
    route("GET /2.0/workspaces/{workspace}/members", { query: z.strictObject(Paging) }, (request) =>
      state.admin
        ? listed(request, [...state.host.users], (name) => ({ user: accountJson(name) }))
        : fault(403, "Access denied."),
    ),
    route("GET /2.0/workspaces/{workspace}/members/{member}", {}, ({ params }) => {
      if (!state.admin) return fault(403, "Access denied.");
      const member = [...state.host.users].find((name) => accountJson(name).uuid === params.member);
      return member === undefined ? fault(404, "Not found.") : { status: 200, json: { user: accountJson(member) } };
    }),
    route(`GET ${REPOSITORY}/commit/{commit}/statuses`, { query: z.strictObject(Paging) }, (request) =>
      withRepository(state, request, ({ statuses }) =>
        listed(
          request,
          statuses.filter(({ commit }) => commit === request.params.commit),
          statusJson,
        ),
      ),
    ),
    route(
      `POST ${REPOSITORY}/commit/{commit}/statuses/build`,
      {
        body: z.strictObject({
          key: z.string().min(1).max(40),
          name: z.string().max(255),
          state: z.enum(["SUCCESSFUL", "FAILED"]),
          description: z.string().max(255),
          url: z.url(),
        }),
      },
      (request) =>
        withRepository(state, request, (repository) => {
          const { key, state: result, description, url } = request.body;
          const commit = request.params.commit ?? "";
          const set = setStatus(repository, { commit, context: key, state: result, description, url });
          return { status: 201, json: statusJson(set) };
        }),
    ),
  ];
}

function basicOf(username: string, token: string): string {
  return Buffer.from(`${username}:${token}`, "utf8").toString("base64");
}
