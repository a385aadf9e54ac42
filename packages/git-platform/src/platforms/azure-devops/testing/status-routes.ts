import { type HostState, type StatusState, setStatus } from "../../../testing/stand-in/host-state.ts";
import { type Route, route } from "../../../testing/stand-in/route.ts";
import { inPull, inRepository, listAnswer, refused } from "./answers.ts";
import { ListStatuses, SetStatus, Version } from "./shapes.ts";

const REPOSITORY = "/contoso/{project}/_apis/git/repositories/{repo}";

/** Statuses: those of commits are shown, those of requests are what policies wait for. */
export function statusRoutes(state: HostState): readonly Route[] {
  return [
    route(`GET ${REPOSITORY}/commits/{commit}/statuses`, { query: ListStatuses }, ({ params }) =>
      inRepository(state, params, ({ branches, statuses }) => {
        if (![...branches.values()].includes(params.commit ?? "")) return noCommit();
        return listAnswer(statuses.filter(({ commit }) => commit === params.commit).map(statusAnswer));
      }),
    ),
    route(`POST ${REPOSITORY}/commits/{commit}/statuses`, { query: Version, body: SetStatus }, ({ params, body }) =>
      inRepository(state, params, ({ branches, statuses }) => {
        const commit = params.commit ?? "";
        if (![...branches.values()].includes(commit)) return noCommit();
        const set = { id: statuses.length + 1, commit, ...kept(body) };
        const before = statuses.findIndex((one) => one.commit === commit && one.context === set.context);
        statuses.splice(before < 0 ? statuses.length : before, 1, set);
        return { status: 201, json: statusAnswer(set) };
      }),
    ),
    route(`POST ${REPOSITORY}/pullRequests/{id}/statuses`, { query: Version, body: SetStatus }, ({ params, body }) =>
      inPull(state, params, (repository, pull) => {
        const commit = repository.branches.get(pull.from) ?? "";
        return { status: 200, json: statusAnswer(setStatus(repository, { commit, ...kept(body) })) };
      }),
    ),
  ];
}

function kept({ state, description, targetUrl, context }: SetStatus): Omit<StatusState, "id" | "commit"> {
  const name = context.genre === undefined ? context.name : `${context.genre}/${context.name}`;
  return { context: name, state: state === "succeeded" ? "success" : state, description, url: targetUrl };
}

function statusAnswer({ id, context, state, description, url }: StatusState) {
  const [genre, name] = context.includes("/") ? context.split("/") : [undefined, context];
  return {
    id,
    state: state === "success" ? "succeeded" : state,
    description,
    targetUrl: url,
    context: { name, genre: genre ?? null },
  };
}

function noCommit() {
  return refused(404, "GitCommitDoesNotExistException", "TF401175: The commit does not exist.");
}
