import { type HostState, type StatusState, setStatus } from "../../../testing/stand-in/host-state.ts";
import { type Route, route } from "../../../testing/stand-in/route.ts";
import { inProject, notFound, pageAnswer, refused } from "./answers.ts";
import { ListStatuses, SetStatus } from "./shapes.ts";

const PROJECT = "/api/v4/projects/{id}";

/** Commit statuses: GitLab moves each from state to state, and refuses to move one to where it is. */
export function statusRoutes(state: HostState): readonly Route[] {
  return [
    route(`GET ${PROJECT}/repository/commits/{sha}/statuses`, { query: ListStatuses }, ({ params, ...at }) =>
      inProject(state, params.id, ({ branches, statuses }) => {
        if (![...branches.values()].includes(params.sha ?? "")) return notFound("Commit");
        const { name } = at.query;
        const found = statuses.filter(({ commit, context }) => commit === params.sha && (name ?? context) === context);
        return pageAnswer(found.map(statusAnswer), at);
      }),
    ),
    route(`POST ${PROJECT}/statuses/{sha}`, { body: SetStatus }, ({ params, body }) =>
      inProject(state, params.id, (project) => {
        const commit = params.sha ?? "";
        if (![...project.branches.values()].includes(commit)) return notFound("Commit");
        const { name, state: wanted, description, target_url: url = "" } = body;
        const now = project.statuses.find((one) => one.commit === commit && one.context === name);
        if (now?.state === wanted) {
          const event = wanted === "success" ? "success" : "drop";
          return refused(400, `Cannot transition status via :${event} from :${wanted} (Reason(s): ...)`);
        }
        const set = setStatus(project, { commit, context: name, state: wanted, description, url });
        return { status: 201, json: statusAnswer(set) };
      }),
    ),
  ];
}

function statusAnswer({ id, commit, context, state, description, url }: StatusState) {
  return { id, sha: commit, ref: "kubeferry/main", name: context, status: state, description, target_url: url };
}
