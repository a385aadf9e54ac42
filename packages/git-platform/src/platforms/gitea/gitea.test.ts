import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Secret, silentLog } from "@kubeferry/model";
import { type GiteaServer, missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { openPlatform } from "../../open-platform.ts";
import { type ContractHost, type ContractRepository, gitPlatformContract } from "../../platform.contract.ts";
import { descriptionFile, readDescription } from "../../testing/api-description.ts";
import type { RecordedRequest } from "../../testing/recorded-request.ts";
import { startRecordingProxy } from "../../testing/recording-proxy.ts";

const UNKNOWN_TOKEN = "0123456789abcdef0123456789abcdef01234567";
const recorded: RecordedRequest[] = [];
const description = descriptionFile("gitea");

describe.skipIf(missingServers("gitea"))("the adapter of Gitea", () => {
  gitPlatformContract("gitea", openContractHost);

  it.skipIf(description === undefined && "the published description is not beside the checkout")(
    "sent nothing that Gitea's published description does not allow",
    () => {
      if (description === undefined) return;
      const api = readDescription(description);
      expect(recorded.length).toBeGreaterThan(100);
      const problems = recorded.map((request) => ({ ...request, problem: api.problemOf(request) }));
      expect(problems.filter(({ problem }) => problem !== undefined)).toEqual([]);
    },
  );
});

it.skipIf(missingServers("gitea"))(
  "the README's example opens a request, and leaves it alone when run again",
  async () => {
    const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8");
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    const gitea = await servers.gitea();
    const { cloneUrl } = await gitea.freshRepository();
    await pushBranches(gitea, cloneUrl, ["kubeferry/main"]);
    const args = ["--conditions=kubeferry-source", "--input-type=module", "--eval", example];
    const env = { ...process.env, REPOSITORY: cloneUrl, GIT_TOKEN: gitea.token, NODE_OPTIONS: "" };
    const run = async () =>
      (await promisify(execFile)(process.execPath, args, { cwd: import.meta.dirname, env })).stdout;
    const url = `${cloneUrl.replace(/\.git$/, "")}/pulls/1\n`;
    expect([await run(), await run()]).toEqual([`created ${url}`, `unchanged ${url}`]);
  },
);

describe.skipIf(missingServers("kube-apiserver"))("a host with a certificate of its own authority", () => {
  it("is refused, and accepted with caFile", async () => {
    const { url, caFile } = await servers.kubeApi();
    const call = { signal: new AbortController().signal, log: silentLog };
    const options = { platform: "gitea", url: `${url}/acme/fleet.git` };
    const repo = { owner: "acme", name: "fleet" };
    const untrusting = (await openPlatform(options)).platform;
    const refusal = untrusting.getRepository(repo, call);
    await expect(refusal).rejects.toMatchObject({
      kind: "invalid",
      next: expect.stringContaining("repository.caFile"),
    });
    const trusting = (await openPlatform({ ...options, caFile })).platform;
    await expect(trusting.getRepository(repo, call)).rejects.toMatchObject({
      kind: expect.stringMatching(/^(denied|not-found)$/),
    });
    await Promise.all([untrusting.close(), trusting.close()]);
  });
});

it("takes no request into another branch, nor one from a fork, on a server too old to filter", async () => {
  const pull = (number: number, base: string, fork: boolean) => ({
    number,
    html_url: `https://git.example.com/${number}`,
    title: "t",
    body: null,
    state: "open",
    head: { ref: "kubeferry/main", repo_id: fork ? 2 : 1 },
    base: { ref: base, repo_id: 1 },
  });
  const open = [pull(1, "develop", false), pull(2, "main", true), pull(3, "main", false)];
  const server = createServer((request, response) => {
    const list = request.url?.startsWith("/api/v1/repos/acme/fleet/pulls?") ?? false;
    response.writeHead(list ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(list && request.url?.includes("page=1") ? open : []));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/fleet.git`;
  const { platform, repo } = await openPlatform({ platform: "gitea", url });
  const call = { signal: new AbortController().signal, log: silentLog };
  const found = await platform.findOpenPullRequest(repo, { from: "kubeferry/main", to: "main" }, call);
  await platform.close();
  await new Promise((resolve) => server.close(resolve));
  expect(found).toMatchObject({ number: 3, draft: false, body: "" });
});

async function openContractHost(): Promise<ContractHost> {
  const gitea = await servers.gitea();
  // Reached by another address than its own, as inside a cluster: its links do not lead here.
  const proxy = await startRecordingProxy(gitea.url);
  const open = async (token: string) =>
    (await openPlatform({ platform: "gitea", url: `${proxy.url}/any/thing.git`, token: new Secret(token) })).platform;
  const platform = await open(gitea.token);
  const stranger = await open(UNKNOWN_TOKEN);
  return {
    platform,
    stranger: { platform: stranger, token: UNKNOWN_TOKEN },
    freshRepository: () => freshRepository(gitea),
    requests: () => proxy.requests.map(({ method, path }) => `${method} ${path}`),
    async close() {
      recorded.push(...proxy.requests);
      await platform.close();
      await stranger.close();
      await proxy.close();
    },
  };
}

async function freshRepository(gitea: GiteaServer): Promise<ContractRepository> {
  const { owner, name, cloneUrl } = await gitea.freshRepository();
  const path = `/repos/${owner}/${name}`;
  const ask = async (method: string, below: string, body?: unknown): Promise<unknown> => {
    const { status, json } = await gitea.api(method, `${path}${below}`, body);
    if (status >= 300) throw new Error(`${method} ${below}: ${status} ${JSON.stringify(json)}`);
    return json;
  };
  return {
    repo: { owner, name },
    async branches(...names) {
      await pushBranches(gitea, cloneUrl, names);
    },
    async label(label) {
      await ask("POST", "/labels", { name: label, color: "#00aabb" });
    },
    async merge(number) {
      await ask("POST", `/pulls/${number}/merge`, { Do: "merge" });
    },
    async look(number) {
      const pull = (await ask("GET", `/pulls/${number}`)) as GiteaLook;
      const comments = (await ask("GET", `/issues/${number}/comments`)) as { body: string }[];
      const { state, title, draft, labels } = pull;
      return { state, title, draft, labels: labels.map((one) => one.name), comments: comments.map((one) => one.body) };
    },
  };
}

// One commit beyond `main`, pushed to all of them at once.
async function pushBranches(gitea: GiteaServer, cloneUrl: string, names: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "kubeferry-branches-"));
  const basic = Buffer.from(`${gitea.user}:${gitea.token}`).toString("base64");
  const header = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "http.extraHeader" };
  const env = { ...process.env, ...header, GIT_CONFIG_VALUE_0: `Authorization: Basic ${basic}` };
  const git = (...args: string[]) => promisify(execFile)("git", args, { cwd: folder, env });
  try {
    await git("clone", "--quiet", cloneUrl, ".");
    await git(
      "-c",
      "user.name=Ada",
      "-c",
      "user.email=ada@example.com",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      "ahead",
    );
    await git("push", "--quiet", "origin", ...names.map((name) => `HEAD:refs/heads/${name}`));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface GiteaLook {
  state: string;
  title: string;
  draft: boolean;
  labels: { name: string }[];
}
