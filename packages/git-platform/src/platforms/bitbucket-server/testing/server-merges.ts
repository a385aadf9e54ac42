import { z } from "zod";
import {
  isReady,
  mergePull,
  type PullState,
  type RepositoryState,
  setStatus,
} from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import {
  buildJson,
  fault,
  listed,
  pullJson,
  type ServerState,
  withPull,
  withRepository,
  withVersion,
} from "./server-json.ts";

const REPOSITORY = "/rest/api/latest/projects/{project}/repos/{repo}";
const PULL = `${REPOSITORY}/pull-requests/{number}`;

/** What a server before 7.14 answers to a path that it does not have. */
const NO_SUCH_PATH: StandInAnswer = { status: 404, json: { "status-code": 404, message: "null for uri" } };

/** Auto-merge, and the builds that it waits for. */
export function mergeRoutes(state: ServerState): readonly Route[] {
  return [
    route(`GET ${REPOSITORY}/settings/auto-merge`, {}, (request) =>
      withRepository(state, request, ({ allowsAutoMerge }) => ({ status: 200, json: { enabled: allowsAutoMerge } })),
    ),
    route(`GET ${REPOSITORY}/settings/pull-requests`, {}, (request) =>
      withRepository(state, request, () => {
        const strategies = ["no-ff", "ff", "squash", "squash-ff-only", "rebase-no-ff", "rebase-ff-only"];
        const listed = strategies.map((id) => ({ id, enabled: state.strategies.includes(id) }));
        return { status: 200, json: { mergeConfig: { defaultStrategy: { id: "no-ff" }, strategies: listed } } };
      }),
    ),
    route(
      `POST ${PULL}/merge`,
      {
        query: z.strictObject({ version: z.coerce.number().int() }),
        body: z.strictObject({ autoMerge: z.literal(true), strategyId: z.string().optional() }),
      },
      (request) =>
        withVersion(state, request, request.query.version, (pull, repository) =>
          mergeOrWait(state, repository, pull, request.body.strategyId),
        ),
    ),
    route(`GET ${PULL}/auto-merge`, {}, (request) =>
      withPull(state, request, (pull) => {
        const set = pull.autoMerge === undefined ? undefined : state.autoMerges.get(pull);
        return set === undefined ? { status: 204 } : { status: 200, json: set };
      }),
    ),
    route(`DELETE ${PULL}/auto-merge`, {}, (request) =>
      withPull(state, request, (pull) => {
        if (pull.state !== "open") return fault(409, "pull.IllegalPullRequestStateException");
        pull.autoMerge = undefined;
        state.autoMerges.delete(pull);
        return { status: 204 };
      }),
    ),
    ...buildRoutes(state),
  ];
}

function mergeOrWait(
  state: ServerState,
  repository: RepositoryState,
  pull: PullState,
  strategyId: string | undefined,
): StandInAnswer {
  if (!repository.allowsAutoMerge) return fault(403, "AuthorisationException");
  if (isReady(repository, pull)) {
    mergePull(repository, pull);
  } else {
    pull.autoMerge = { method: strategyId ?? "default", user: pull.author };
    state.autoMerges.set(pull, { fromHash: repository.branches.get(pull.from) ?? "", strategyId });
    // Asking for it is no change of the request.
    pull.version -= 1;
  }
  return { status: 200, json: pullJson(state, repository, pull) };
}

function buildRoutes(state: ServerState): readonly Route[] {
  const Build = {
    key: z.string().min(1).max(255),
    state: z.enum(["SUCCESSFUL", "FAILED"]),
    url: z.url().max(450),
    name: z.string().max(255),
    description: z.string().max(255),
  };
  const hasBuilds = () => !/^7\.(\d|1[0-3])\./.test(state.version);
  const builds = `${REPOSITORY}/commits/{commit}/builds`;
  const before = "/rest/build-status/latest/commits/{commit}";
  const store = (repository: RepositoryState, commit: string, build: z.infer<z.ZodObject<typeof Build>>) => {
    const { key, state: result, description, url } = build;
    setStatus(repository, { commit, context: key, state: result, description, url });
    return { status: 204 };
  };
  return [
    route(`GET ${builds}`, { query: z.strictObject({ key: z.string() }) }, (request) => {
      if (!hasBuilds()) return NO_SUCH_PATH;
      return withRepository(state, request, ({ statuses }) => {
        const found = statuses.find(
          ({ commit, context }) => commit === request.params.commit && context === request.query.key,
        );
        if (found === undefined) return fault(404, "build.NoSuchBuildStatusException");
        return { status: 200, json: buildJson(found) };
      });
    }),
    route(`POST ${builds}`, { body: z.strictObject({ ...Build, parent: z.string() }) }, (request) => {
      if (!hasBuilds()) return NO_SUCH_PATH;
      const commit = request.params.commit ?? "";
      return withRepository(state, request, (repository) => store(repository, commit, request.body));
    }),
    route(
      `GET ${before}`,
      { query: z.strictObject({ start: z.coerce.number().optional(), limit: z.coerce.number().optional() }) },
      (request) => {
        const statuses = state.host.repositories.flatMap((repository) => repository.statuses);
        return listed(
          request.query,
          statuses.filter(({ commit }) => commit === request.params.commit),
          buildJson,
        );
      },
    ),
    route(`POST ${before}`, { body: z.strictObject(Build) }, (request) => {
      const commit = request.params.commit ?? "";
      const holds = ({ branches }: RepositoryState) => [...branches.values()].includes(commit);
      const repository = state.host.repositories.find(holds);
      return repository === undefined ? { status: 204 } : store(repository, commit, request.body);
    }),
  ];
}
