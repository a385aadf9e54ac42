import { createHostState } from "../../../testing/stand-in/host-state.ts";
import type { StandInAnswer } from "../../../testing/stand-in/route.ts";
import { type StandIn, startStandIn } from "../../../testing/stand-in/stand-in.ts";
import { additionRoutes } from "./addition-routes.ts";
import { type AppState, appRoutes, isSignedBy } from "./app-routes.ts";
import { type GitHubState, said } from "./github-state.ts";
import { graphqlRoute } from "./graphql-route.ts";
import { pullRoutes } from "./pull-routes.ts";
import { repositoryRoutes } from "./repository-routes.ts";

/** Who is let in. */
export interface LetIn {
  /** Tokens of people -> their names. */
  readonly tokens: Readonly<Record<string, string>>;
  readonly app?: AppState;
}

/** A GitHub of ours. */
export interface GitHubStandIn {
  readonly standIn: StandIn;
  readonly state: GitHubState;
}

/** Starts one, as api.github.com is: without a path of its own. */
export async function startGitHub(who: LetIn): Promise<GitHubStandIn> {
  const state: GitHubState = {
    ...createHostState({ users: ["ada", "grace", "alan"], teams: ["reviewers"] }),
    settings: new Map(),
    headers: {},
    refusal: undefined,
  };
  const { app } = who;
  const standIn = await startStandIn({
    description: "github",
    routes: [
      ...repositoryRoutes(state),
      ...pullRoutes(state),
      ...additionRoutes(state),
      ...(app === undefined ? [] : appRoutes(state, app)),
      graphqlRoute(state),
    ],
    beyond: BEYOND,
    credentials: Object.keys(who.tokens),
    authenticate: (headers, path) => authenticate(who, headers, path),
    headers: () => state.headers,
  });
  return { standIn, state };
}

const BEYOND = {
  "GET /meta": "tells the version of a server; the description at hand was cut without it",
  "GET /repos/{owner}/{repo}/labels":
    "cut away; GitHub makes a label that it does not know, so that they are looked up",
  "GET /repos/{owner}/{repo}/milestones": "cut away; a milestone is set by number and configured by title",
  "PATCH /repos/{owner}/{repo}/issues/{number}": "cut away; the one way to set a milestone",
  "GET /repos/{owner}/{repo}/rules/branches/{branch+}": "cut away; the rules of rulesets stand nowhere else",
  "POST /graphql": "no REST; the stand-in runs GitHub's published GraphQL schema",
};

const AS_THE_APP = /^\/app(\/|$)|^\/repos\/[^/]+\/[^/]+\/installation$/;

function authenticate(
  { tokens, app }: LetIn,
  { authorization = "", ...headers }: Readonly<Record<string, string>>,
  path: string,
): string | StandInAnswer {
  if (headers["x-github-api-version"] !== "2022-11-28") return said(400, "no version of the API was asked for");
  const token = authorization.replace(/^Bearer /, "");
  if (AS_THE_APP.test(path)) {
    const signed = app !== undefined && isSignedBy(app, token);
    return signed ? `${app.slug}[bot]` : said(401, "A JSON web token could not be decoded");
  }
  const expires = app?.tokens.get(token);
  if (app !== undefined && expires !== undefined && expires > app.now()) return `${app.slug}[bot]`;
  return tokens[token] ?? said(401, "Bad credentials");
}
