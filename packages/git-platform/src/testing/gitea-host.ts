import { randomBytes } from "node:crypto";
import { Secret } from "@kubeferry/model";
import { type GiteaServer, servers } from "@kubeferry/testbed";
import type { ContractHost, ContractRepository, LookedAt } from "../contract/contract-host.contract.ts";
import type { RepoRef } from "../platform.ts";
import { giteaDriver } from "../platforms/gitea/gitea.ts";
import type { RecordedRequest } from "./recorded-request.ts";
import { startRecordingProxy } from "./recording-proxy.ts";

const UNKNOWN_TOKEN = "0123456789abcdef0123456789abcdef01234567";
const TEAM = "reviewers";

/** Requests of an organisation on the real server, through a proxy that can misbehave. */
export async function openGiteaContractHost(recorded: RecordedRequest[]): Promise<ContractHost> {
  const gitea = await servers.gitea();
  const { owner, users } = await makeOrganisation(gitea);
  // Reached by another address than its own, as inside a cluster: its links do not lead here. Three items a page, as an
  // administrator may set it, so that a second page costs seconds instead of minutes.
  const proxy = await startRecordingProxy(gitea.url, (path) => path.replace(/([?&]limit=)50\b/, "$13"));
  return {
    open: ({ known, ...how }) =>
      giteaDriver.create({
        apiUrl: `${proxy.url}/api/v1`,
        repo: { owner, name: "any" },
        token: new Secret(known ? gitea.token : UNKNOWN_TOKEN),
        ...how,
      }).platform,
    credentials: [gitea.token, UNKNOWN_TOKEN],
    people: { users, team: TEAM },
    manyRequests: 4,
    async freshRepository(...branches) {
      const { name } = await gitea.freshRepository({ owner, branches });
      return repositoryOf(gitea, { owner, name }, users[0]);
    },
    requests: () => proxy.requests,
    misbehave: (rule) => proxy.faults.misbehave(rule),
    behave: () => proxy.faults.behave(),
    async close() {
      recorded.push(...proxy.requests);
      await proxy.close();
    },
  };
}

async function makeOrganisation(gitea: GiteaServer): Promise<{ owner: string; users: readonly [string, string] }> {
  const mark = randomBytes(4).toString("hex");
  const owner = `acme-${mark}`;
  const users = [`grace-${mark}`, `alan-${mark}`] as const;
  await ask(gitea, "POST", "/orgs", { username: owner });
  const units = ["repo.code", "repo.pulls", "repo.issues"];
  const wanted = { name: TEAM, permission: "write", includes_all_repositories: true, units };
  const team = (await ask(gitea, "POST", `/orgs/${owner}/teams`, wanted)) as { id: number };
  for (const username of users) {
    const password = randomBytes(12).toString("hex");
    const email = `${username}@example.com`;
    await ask(gitea, "POST", "/admin/users", { username, email, password, must_change_password: false });
    await ask(gitea, "PUT", `/teams/${team.id}/members/${username}`);
  }
  return { owner, users };
}

function repositoryOf(gitea: GiteaServer, { owner, name }: RepoRef, other: string): ContractRepository {
  const path = `/repos/${owner}/${name}`;
  const put = (method: string, below: string, body?: unknown) => ask(gitea, method, `${path}${below}`, body);
  return {
    repo: { owner, name },
    async commitOf(branch) {
      const found = (await put("GET", `/branches/${branch}`)) as { commit: { id: string } };
      return found.commit.id;
    },
    label: async (label) => void (await put("POST", "/labels", { name: label, color: "#00aabb" })),
    milestone: async (title) => void (await put("POST", "/milestones", { title })),
    async protect(branch, contexts) {
      const statuses = { enable_status_check: true, status_check_contexts: contexts };
      await put("POST", "/branch_protections", { rule_name: branch, enable_push: false, ...statuses });
    },
    merge: async (number) => void (await put("POST", `/pulls/${number}/merge`, { Do: "merge" })),
    commentAsOther: async (number, body) =>
      void (await put("POST", `/issues/${number}/comments?sudo=${other}`, { body })),
    async look(number) {
      const pull = (await put("GET", `/pulls/${number}`)) as GiteaLook;
      const comments = (await put("GET", `/issues/${number}/comments`)) as { body: string }[];
      return lookedAt(pull, comments);
    },
  };
}

interface GiteaLook {
  readonly state: "open" | "closed";
  readonly merged: boolean;
  readonly title: string;
  readonly draft: boolean;
  readonly labels: readonly { name: string }[] | null;
  readonly requested_reviewers: readonly { login: string }[] | null;
  readonly requested_reviewers_teams: readonly { name: string }[] | null;
  readonly assignees: readonly { login: string }[] | null;
  readonly milestone: { title: string } | null;
}

function lookedAt(pull: GiteaLook, comments: readonly { body: string }[]): LookedAt {
  return {
    state: pull.merged ? "merged" : pull.state,
    title: pull.title,
    draft: pull.draft,
    labels: (pull.labels ?? []).map(({ name }) => name),
    reviewers: (pull.requested_reviewers ?? []).map(({ login }) => login),
    teams: (pull.requested_reviewers_teams ?? []).map(({ name }) => name),
    assignees: (pull.assignees ?? []).map(({ login }) => login),
    milestone: pull.milestone?.title,
    comments: comments.map(({ body }) => body),
    autoMerge: undefined, // its API does not tell
  };
}

async function ask(gitea: GiteaServer, method: string, path: string, body?: unknown): Promise<unknown> {
  const { status, json } = await gitea.api(method, path, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  return json;
}
