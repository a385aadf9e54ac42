import { schema as published } from "@octokit/graphql-schema";
import { buildClientSchema, GraphQLError, graphqlSync, type IntrospectionQuery } from "graphql";
import { z } from "zod";
import { findRepository, type PullState, type RepositoryState } from "../../../testing/stand-in/host-state.ts";
import { type Route, route } from "../../../testing/stand-in/route.ts";
import { type GitHubState, settingsOf } from "./github-state.ts";

const SCHEMA = buildClientSchema(published.json as unknown as IntrospectionQuery);

/** GitHub's GraphQL API: its published schema over what the stand-in remembers. Errors come with status 200. */
export function graphqlRoute(state: GitHubState): Route {
  const shape = { body: z.strictObject({ query: z.string(), variables: z.record(z.string(), z.unknown()) }) };
  return route("POST /graphql", shape, ({ body, user }) => {
    const answer = graphqlSync({
      schema: SCHEMA,
      source: body.query,
      variableValues: body.variables,
      rootValue: rootOf(state, user),
    });
    const errors = answer.errors?.map(({ message, extensions, path }) => ({ type: extensions.type, path, message }));
    return { status: 200, json: { data: answer.data, ...(errors === undefined ? {} : { errors }) } };
  });
}

function rootOf(state: GitHubState, user: string) {
  return {
    repository({ owner, name }: { readonly owner: string; readonly name: string }) {
      const repository = findRepository(state, owner, name);
      if (repository === undefined) throw refused("NOT_FOUND", "Could not resolve to a Repository");
      return repositoryNode(state, repository);
    },
    enablePullRequestAutoMerge({ input }: { readonly input: EnableInput }) {
      const { repository, pull } = findById(state, input.pullRequestId);
      checkWriting(state, repository);
      const problem = enablingProblem(state, repository, pull, input);
      if (problem !== undefined) throw refused("UNPROCESSABLE", problem);
      pull.autoMerge = { method: input.mergeMethod, user };
      return {};
    },
    disablePullRequestAutoMerge({ input }: { readonly input: { readonly pullRequestId: string } }) {
      const { repository, pull } = findById(state, input.pullRequestId);
      checkWriting(state, repository);
      if (pull.autoMerge === undefined || settingsOf(state, repository).keepsAutoMerge) {
        throw refused("UNPROCESSABLE", "Can't disable auto-merge for this pull request.");
      }
      pull.autoMerge = undefined;
      return {};
    },
  };
}

interface EnableInput {
  readonly pullRequestId: string;
  readonly mergeMethod: string;
  readonly expectedHeadOid: string;
}

function repositoryNode(state: GitHubState, repository: RepositoryState) {
  const settings = settingsOf(state, repository);
  return {
    ...settings,
    autoMergeAllowed: repository.allowsAutoMerge,
    viewerDefaultMergeMethod: settings.mergeCommitAllowed ? "MERGE" : "SQUASH",
    mergeQueue: () => (settings.mergeQueue ? { id: "MQ_1" } : null),
    pullRequest({ number }: { readonly number: number }) {
      const pull = repository.pulls.find((each) => each.number === number);
      if (pull === undefined) throw refused("NOT_FOUND", "Could not resolve to a PullRequest");
      return {
        id: `PR_${pull.id}`,
        state: pull.state.toUpperCase(),
        isDraft: pull.draft,
        headRefOid: repository.branches.get(pull.from) ?? "0".repeat(40),
        isInMergeQueue: settings.queued.includes(number),
        autoMergeRequest: pull.autoMerge === undefined ? null : { mergeMethod: pull.autoMerge.method },
      };
    },
  };
}

function enablingProblem(
  state: GitHubState,
  repository: RepositoryState,
  pull: PullState,
  { expectedHeadOid }: EnableInput,
): string | undefined {
  if (!repository.allowsAutoMerge) return "Pull request Auto merge is not allowed for this repository";
  if (repository.branches.get(pull.from) !== expectedHeadOid) return "Head branch was modified";
  if (settingsOf(state, repository).unstable) return "Pull request Pull request is in unstable status";
  const required = repository.rules.get(pull.to)?.requiredStatuses ?? [];
  const succeeded = (context: string) =>
    repository.statuses.some(
      (status) => status.context === context && status.commit === expectedHeadOid && status.state === "success",
    );
  return required.every(succeeded) ? "Pull request Pull request is in clean status" : undefined;
}

function findById(state: GitHubState, id: string): { readonly repository: RepositoryState; readonly pull: PullState } {
  for (const repository of state.repositories) {
    const pull = repository.pulls.find((each) => `PR_${each.id}` === id);
    if (pull !== undefined) return { repository, pull };
  }
  throw refused("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}

function checkWriting(state: GitHubState, repository: RepositoryState): void {
  if (state.refusal !== undefined || !repository.mayPush) {
    throw refused("FORBIDDEN", "Resource not accessible by personal access token");
  }
}

function refused(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}
