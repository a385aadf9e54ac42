import { z } from "zod";
import type { PullState, RepositoryState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { pullJson } from "./github-json.ts";
import { type GitHubState, invalid, pullIn, said, withRepository, writing } from "./github-state.ts";
import { listed, PAGING } from "./paging.ts";

/** Labels, reviewers, assignees and milestones. */
export function additionRoutes(state: GitHubState): readonly Route[] {
  return [
    route("GET /repos/{owner}/{repo}/labels", { query: z.strictObject(PAGING) }, ({ params, ...asked }) =>
      withRepository(state, params, ({ labels }) =>
        listed(
          [...labels].map((name) => ({ name })),
          asked,
        ),
      ),
    ),
    route(
      "POST /repos/{owner}/{repo}/issues/{number}/labels",
      { body: z.strictObject({ labels: z.array(z.string()).min(1) }) },
      ({ params, body }) =>
        writing(state, params, (repository) =>
          pullIn(repository, params.number, (pull) => {
            for (const label of body.labels) addLabel(repository, pull, label);
            return { status: 200, json: [...pull.labels].map((name) => ({ name })) };
          }),
        ),
    ),
    route(
      "POST /repos/{owner}/{repo}/pulls/{number}/requested_reviewers",
      { body: z.strictObject({ reviewers: z.array(z.string()), team_reviewers: z.array(z.string()) }) },
      ({ params, body, url }) =>
        writing(state, params, (repository) =>
          pullIn(repository, params.number, (pull) => {
            const problem = reviewersProblem(state, pull, body);
            if (problem !== undefined) return problem;
            for (const name of body.reviewers) pull.reviewers.add(name);
            for (const slug of body.team_reviewers) pull.teams.add(slug);
            return { status: 201, json: pullJson(repository, pull, url) };
          }),
        ),
    ),
    route(
      "POST /repos/{owner}/{repo}/issues/{number}/assignees",
      { body: z.strictObject({ assignees: z.array(z.string()).min(1) }) },
      ({ params, body, url }) =>
        writing(state, params, (repository) =>
          pullIn(repository, params.number, (pull) => {
            // Whoever cannot be assigned is left out without a word, and so is the eleventh.
            for (const name of body.assignees) {
              if (state.users.has(name) && pull.assignees.size < 10) pull.assignees.add(name);
            }
            return { status: 201, json: pullJson(repository, pull, url) };
          }),
        ),
    ),
    route(
      "GET /repos/{owner}/{repo}/milestones",
      { query: z.strictObject({ state: z.literal("open"), ...PAGING }) },
      ({ params, ...asked }) =>
        withRepository(state, params, ({ milestones }) =>
          listed(
            [...milestones].map(([title, number]) => ({ number, title })),
            asked,
          ),
        ),
    ),
    route(
      "PATCH /repos/{owner}/{repo}/issues/{number}",
      { body: z.strictObject({ milestone: z.number() }) },
      ({ params, body, url }) =>
        writing(state, params, (repository) =>
          pullIn(repository, params.number, (pull) => {
            const [found] = [...repository.milestones].filter(([, number]) => number === body.milestone);
            if (found === undefined) return invalid({ resource: "Issue", field: "milestone", code: "invalid" });
            pull.milestone = found[0];
            return { status: 200, json: pullJson(repository, pull, url) };
          }),
        ),
    ),
  ];
}

// GitHub takes any case of a label, and makes one that there is not.
function addLabel({ labels }: RepositoryState, pull: PullState, label: string): void {
  const known = [...labels].find((name) => name.toLowerCase() === label.toLowerCase());
  labels.add(known ?? label);
  pull.labels.add(known ?? label);
}

// One name that is not taken, and none is.
function reviewersProblem(
  state: GitHubState,
  pull: PullState,
  asked: { readonly reviewers: readonly string[]; readonly team_reviewers: readonly string[] },
): StandInAnswer | undefined {
  if (asked.reviewers.includes(pull.author)) return said(422, "Review cannot be requested from pull request author.");
  if (asked.reviewers.some((name) => !state.users.has(name))) {
    return said(
      422,
      "Reviews may only be requested from collaborators. One or more of the users is not a collaborator.",
    );
  }
  if (asked.team_reviewers.some((slug) => !state.teams.has(slug))) {
    return said(422, "Could not resolve to a node with the global id of 'T_1'.");
  }
  return undefined;
}
