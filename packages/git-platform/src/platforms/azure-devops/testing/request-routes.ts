import { mergeIfReady, openPull, type PullState, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { idOf, inPull, inRepository, listAnswer, pullAnswer, refused } from "./answers.ts";
import { ChangeRequest, ListRequests, OpenRequest, Version } from "./shapes.ts";
import type { Behind } from "./stand-in.ts";

const REQUESTS = "/contoso/{project}/_apis/git/repositories/{repo}/pullrequests";
const NOBODY = "00000000-0000-0000-0000-000000000000";

/** Pull requests: found, opened, changed, set to complete by themselves. */
export function requestRoutes(behind: Behind): readonly Route[] {
  const { state } = behind;
  return [
    route(`GET ${REQUESTS}`, { query: ListRequests }, ({ params, query }) =>
      inRepository(state, params, (repository) => {
        const found = [...forkRequests(behind, repository), ...ownRequests(behind, repository)].filter(
          (one) =>
            one.status === query["searchCriteria.status"] &&
            one.sourceRefName === query["searchCriteria.sourceRefName"] &&
            one.targetRefName === query["searchCriteria.targetRefName"],
        );
        const skip = Number(query.$skip ?? 0);
        return listAnswer(found.slice(skip, skip + Number(query.$top ?? 100)));
      }),
    ),
    route(`POST ${REQUESTS}`, { query: Version, body: OpenRequest }, ({ params, body, user }) =>
      inRepository(state, params, (repository) => {
        const problem = textProblem(body);
        if (problem !== undefined) return problem;
        const [from, to] = [body.sourceRefName, body.targetRefName].map((name) => name.replace("refs/heads/", ""));
        const text = { title: body.title, body: body.description, draft: body.isDraft };
        const pull = openPull(repository, { from: from ?? "", to: to ?? "", ...text, author: user });
        if (pull === "duplicate") {
          const message = "TF401179: An active pull request for the source and target branch already exists.";
          return refused(409, "GitPullRequestExistsException", message);
        }
        if (typeof pull === "string")
          return refused(400, "GitPullRequestCannotBeActivated", "TF401398: no longer exists");
        return { status: 201, json: pullAnswer(state, repository, pull) };
      }),
    ),
    route(`GET ${REQUESTS}/{id}`, { query: Version }, ({ params }) =>
      inPull(state, params, (repository, pull) => ({ status: 200, json: pullAnswer(state, repository, pull) })),
    ),
    route(`PATCH ${REQUESTS}/{id}`, { query: Version, body: ChangeRequest }, ({ params, body, user }) =>
      inPull(state, params, (repository, pull) => {
        const problem = textProblem(body) ?? completionProblem(body, pull);
        if (problem !== undefined) return problem;
        pull.title = body.title ?? pull.title;
        pull.body = body.description ?? pull.body;
        if (body.status === "abandoned") pull.state = "closed";
        autoComplete(behind, { repository, pull, user }, body);
        return { status: 200, json: pullAnswer(state, repository, pull) };
      }),
    ),
  ];
}

function ownRequests({ state }: Behind, repository: RepositoryState) {
  return repository.pulls.map((pull) => pullAnswer(state, repository, pull, { inList: true })).reverse();
}

function forkRequests({ state, kind }: Behind, repository: RepositoryState) {
  const [pull] = repository.pulls;
  if (pull === undefined) return [];
  return Array.from({ length: kind.forkRequests }, (_, index) => ({
    ...pullAnswer(state, repository, pull, { inList: true }),
    pullRequestId: 1_000 + index,
    forkSource: { name: "refs/heads/kubeferry/main", repository: { id: "fork" } },
  }));
}

function autoComplete(
  { state, kind }: Behind,
  { repository, pull, user }: { readonly repository: RepositoryState; readonly pull: PullState; readonly user: string },
  { autoCompleteSetBy: by, completionOptions }: ChangeRequest,
): void {
  if (by === undefined) return;
  if (by.id === NOBODY && kind.autoComplete !== "not let go") pull.autoMerge = undefined;
  // Who may not complete a request is not told so: nothing happens.
  const kept = by.id === idOf(state, user) && kind.autoComplete !== "not kept" && repository.allowsAutoMerge;
  if (kept) pull.autoMerge = { method: completionOptions?.mergeStrategy ?? "default", user };
  mergeIfReady(repository, pull);
}

function completionProblem({ autoCompleteSetBy }: ChangeRequest, pull: PullState): StandInAnswer | undefined {
  if (autoCompleteSetBy === undefined || autoCompleteSetBy.id === NOBODY || !pull.draft) return undefined;
  return refused(400, "InvalidArgumentValueException", "A draft pull request cannot be set to autocomplete.");
}

function textProblem({
  title = "",
  description = "",
}: {
  title?: string | undefined;
  description?: string | undefined;
}) {
  if (title.length > 400) return refused(400, "InvalidArgumentValueException", "The title is too long.");
  if (description.length > 4_000) return refused(400, "InvalidArgumentValueException", "The description is too long.");
  return undefined;
}
