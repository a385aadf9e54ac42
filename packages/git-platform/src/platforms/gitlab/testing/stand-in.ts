import { createHostState, type HostState, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { type StandIn, startStandIn } from "../../../testing/stand-in/stand-in.ts";
import { inProject, notFound, pageAnswer, projectAnswer, userAnswer } from "./answers.ts";
import { requestRoutes } from "./request-routes.ts";
import { ListLabels, ListMilestones, ListUsers } from "./shapes.ts";
import { statusRoutes } from "./status-routes.ts";

/** What GitLab servers differ in. */
export interface GitLabKind {
  readonly version: string;
  /** With a paid licence a request can have several reviewers and assignees. */
  readonly premium: boolean;
  /** How often a request is looked at before GitLab knows whether it can be merged. */
  undecidedLooks: number;
  /** Whether open requests come from a fork, whose branches have the same names. */
  fromFork: boolean;
}

/** A GitLab of ours and what it remembers. */
export interface GitLabStandIn {
  readonly standIn: StandIn;
  readonly state: HostState;
  readonly kind: GitLabKind;
}

/** What every route of it knows. */
export interface Behind {
  readonly state: HostState;
  readonly kind: GitLabKind;
}

/** A project access token, and what an application got from OAuth. */
export const TOKEN = ["glpat", "0123456789abcdefghij"].join("-");
/** 64 hexadecimal digits. */
export const OAUTH_TOKEN = "0123456789abcdef".repeat(4);

const PROJECT = "/api/v4/projects/{id}";

/** Operations that GitLab has and the published description lacks. */
const BEYOND: Readonly<Record<string, string>> = {
  "GET /api/v4/metadata": "the description has only /version, which /metadata replaced in 15.5",
  "GET /api/v4/personal_access_tokens/self": "the description was cut without tokens",
  [`GET ${PROJECT}/labels`]: "the description was cut without labels",
  [`GET ${PROJECT}/milestones`]: "the description was cut without milestones",
  [`GET ${PROJECT}/repository/commits/{sha}/statuses`]: "the description has the writing half only",
  [`GET ${PROJECT}/merge_requests/{iid}/notes`]: "the description has this list without the paging that all have",
  [`POST ${PROJECT}/merge_requests/{iid}/cancel_merge_when_pipeline_succeeds`]: "the description has no way back",
};

/** Starts one that knows the two tokens. The first user is theirs. */
export async function startGitLab(differs: Partial<GitLabKind> = {}): Promise<GitLabStandIn> {
  const kind = { version: "18.5.1-ee", premium: true, undecidedLooks: 0, fromFork: false, ...differs };
  const state = createHostState({ users: ["kubeferry-bot", "grace", "alan", "linus"], teams: [] });
  const behind = { state, kind };
  const standIn = await startStandIn({
    description: "gitlab",
    routes: [...hostRoutes(behind), ...projectRoutes(state), ...requestRoutes(behind), ...statusRoutes(state)],
    beyond: BEYOND,
    credentials: [TOKEN, OAUTH_TOKEN],
    invalidStatus: 400,
    headers: () => ({ "ratelimit-limit": "2000", "ratelimit-remaining": "1900" }),
    authenticate(headers) {
      const known = headers["private-token"] === TOKEN || headers.authorization === `Bearer ${OAUTH_TOKEN}`;
      return known ? "kubeferry-bot" : { status: 401, json: { message: "401 Unauthorized" } };
    },
  });
  return { standIn, state, kind };
}

function hostRoutes({ state, kind }: Behind): readonly Route[] {
  return [
    route("GET /api/v4/metadata", {}, () => ({ status: 200, json: { version: kind.version, enterprise: true } })),
    route("GET /api/v4/user", {}, ({ user }) => ({ status: 200, json: userAnswer(state, user) })),
    route("GET /api/v4/personal_access_tokens/self", {}, ({ headers }) =>
      // Of an OAuth token it knows nothing.
      headers["private-token"] === undefined
        ? { status: 401, json: { message: "401 Unauthorized" } }
        : { status: 200, json: { id: 1, name: "kubeferry", scopes: ["api", "write_repository"] } },
    ),
    route("GET /api/v4/users", { query: ListUsers }, ({ query }) => {
      const found = [...state.users].filter((name) => name.toLowerCase() === query.username.toLowerCase());
      return { status: 200, json: found.map((name) => userAnswer(state, name)) };
    }),
  ];
}

function projectRoutes(state: HostState): readonly Route[] {
  return [
    route(`GET ${PROJECT}`, {}, ({ params, url }) =>
      inProject(state, params.id, (project) => ({ status: 200, json: projectAnswer(project, url) })),
    ),
    route(`GET ${PROJECT}/repository/branches/{branch}`, {}, ({ params }) =>
      inProject(state, params.id, (project) => branchAnswer(project, params.branch ?? "")),
    ),
    route(`GET ${PROJECT}/labels`, { query: ListLabels }, ({ params, ...at }) =>
      inProject(state, params.id, (project) =>
        pageAnswer(
          [...project.labels].map((name, index) => ({ id: index + 1, name })),
          at,
        ),
      ),
    ),
    route(`GET ${PROJECT}/milestones`, { query: ListMilestones }, ({ params, query }) =>
      inProject(state, params.id, (project) => ({
        status: 200,
        json: [...project.milestones]
          .filter(([title]) => title === query.title)
          .map(([title, id]) => ({ id, title, state: "active" })),
      })),
    ),
  ];
}

function branchAnswer(project: RepositoryState, name: string): StandInAnswer {
  const commit = project.branches.get(name);
  if (commit === undefined) return notFound("Branch");
  const rule = project.rules.get(name);
  const canPush = rule?.mayPush ?? project.mayPush;
  return { status: 200, json: { name, protected: rule !== undefined, can_push: canPush, commit: { id: commit } } };
}
