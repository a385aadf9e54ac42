import { z } from "zod";
import { mergePull, type PullState, type RepositoryState, setStatus } from "../../../testing/stand-in/host-state.ts";
import { type Route, route, type StandInAnswer } from "../../../testing/stand-in/route.ts";
import { type GitHubState, notFound, pullIn, said, settingsOf, withRepository, writing } from "./github-state.ts";
import { listed, PAGING } from "./paging.ts";

const SHA = /^[0-9a-f]{40}$/;

/** The repository, its branches, commits' statuses, and merging. */
export function repositoryRoutes(state: GitHubState): readonly Route[] {
  return [
    route("GET /user", {}, ({ user }) => ({ status: 200, json: { login: user } })),
    route("GET /meta", {}, () => ({ status: 200, json: { verifiable_password_authentication: false } })),
    route("GET /repos/{owner}/{repo}", {}, ({ params, url }) =>
      withRepository(state, params, (repository) => ({
        status: 200,
        json: {
          id: repository.id,
          html_url: `${url}/${repository.owner}/${repository.name}`,
          default_branch: "main",
          size: settingsOf(state, repository).size,
          archived: repository.archived,
          disabled: false,
          permissions: { admin: false, push: repository.mayPush, pull: true },
        },
      })),
    ),
    route("GET /repos/{owner}/{repo}/branches/{branch+}", {}, ({ params }) =>
      withRepository(state, params, (repository) => branchJson(repository, params.branch ?? "")),
    ),
    route(
      "GET /repos/{owner}/{repo}/rules/branches/{branch+}",
      { query: z.strictObject(PAGING) },
      ({ params, ...asked }) =>
        withRepository(state, params, (repository) => {
          const required = settingsOf(state, repository).rulesets.map((context) => ({ context }));
          const parameters = { required_status_checks: required, strict_required_status_checks_policy: false };
          return listed(required.length === 0 ? [] : [{ type: "required_status_checks", parameters }], asked);
        }),
    ),
    route("GET /repos/{owner}/{repo}/git/ref/{ref+}", {}, ({ params }) =>
      withRepository(state, params, ({ branches }) => {
        if (branches.size === 0) return said(409, "Git Repository is empty.");
        const sha = branches.get((params.ref ?? "").replace(/^heads\//, ""));
        return sha === undefined ? notFound() : { status: 200, json: { ref: `refs/${params.ref}`, object: { sha } } };
      }),
    ),
    route("DELETE /repos/{owner}/{repo}/git/refs/{ref+}", {}, ({ params }) =>
      writing(state, params, ({ branches }) =>
        branches.delete((params.ref ?? "").replace(/^heads\//, ""))
          ? { status: 204 }
          : said(422, "Reference does not exist"),
      ),
    ),
    route(
      "PUT /repos/{owner}/{repo}/pulls/{number}/merge",
      { body: z.strictObject({ merge_method: z.enum(["merge", "squash", "rebase"]), sha: z.string().regex(SHA) }) },
      ({ params, body }) =>
        writing(state, params, (repository) =>
          pullIn(repository, params.number, (pull) => merged(state, repository, pull, body.sha)),
        ),
    ),
    route(
      "POST /repos/{owner}/{repo}/statuses/{sha}",
      {
        body: z.strictObject({
          context: z.string(),
          state: z.enum(["success", "failure"]),
          description: z.string().max(140),
          target_url: z.url(),
        }),
      },
      ({ params, body }) =>
        writing(state, params, (repository) => {
          if (!hasCommit(repository, params.sha)) return said(422, `No commit found for SHA: ${params.sha}`);
          const { context, state: verdict, description, target_url: url } = body;
          const status = { commit: params.sha ?? "", context, state: verdict, description, url };
          return { status: 201, json: { ...body, id: setStatus(repository, status).id } };
        }),
    ),
    route("GET /repos/{owner}/{repo}/commits/{ref}/status", { query: z.strictObject(PAGING) }, ({ params, ...asked }) =>
      withRepository(state, params, (repository) => {
        if (!hasCommit(repository, params.ref)) return said(422, `No commit found for SHA: ${params.ref}`);
        const all = repository.statuses.filter(({ commit }) => commit === params.ref).toReversed();
        const { json: statuses, headers = {} } = listed(
          all.map(({ context, state: verdict, description, url }) => ({
            context,
            state: verdict,
            description,
            target_url: url,
          })),
          asked,
        );
        return { status: 200, json: { state: "pending", sha: params.ref, total_count: all.length, statuses }, headers };
      }),
    ),
  ];
}

function branchJson(repository: RepositoryState, branch: string): StandInAnswer {
  const sha = repository.branches.get(branch);
  if (sha === undefined) return said(404, "Branch not found");
  const rule = repository.rules.get(branch);
  const contexts = rule?.requiredStatuses ?? [];
  const required_status_checks = {
    enforcement_level: contexts.length === 0 ? "off" : "non_admins",
    contexts,
    checks: contexts.map((context) => ({ context, app_id: null })),
  };
  const json = {
    name: branch,
    commit: { sha },
    protected: rule !== undefined,
    protection: { enabled: rule !== undefined, required_status_checks },
  };
  return { status: 200, json };
}

function merged(state: GitHubState, repository: RepositoryState, pull: PullState, sha: string): StandInAnswer {
  if (pull.state !== "open") return said(405, "Pull Request is not mergeable");
  if (pull.draft) return said(405, "Pull Request is still a draft");
  if (repository.branches.get(pull.from) !== sha) {
    return said(409, "Head branch was modified. Review and try the merge again.");
  }
  mergePull(repository, pull);
  if (settingsOf(state, repository).deleteBranchOnMerge) repository.branches.delete(pull.from);
  return { status: 200, json: { merged: true, sha, message: "Pull Request successfully merged" } };
}

function hasCommit({ branches }: RepositoryState, sha: string | undefined): boolean {
  return sha !== undefined && SHA.test(sha) && [...branches.values()].includes(sha);
}
