import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { Secret, silentLog } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { openPlatform } from "../../open-platform.ts";
import { gitPlatformContract } from "../../platform.contract.ts";
import { descriptionFile, readDescription } from "../../testing/api-description.ts";
import { openGiteaContractHost } from "../../testing/gitea-host.ts";
import { documentedCapabilities } from "../../testing/hosts-page.ts";
import type { RecordedRequest } from "../../testing/recorded-request.ts";

const recorded: RecordedRequest[] = [];
const description = descriptionFile("gitea");

/** Operations that our cut of the description leaves out; the real server has answered them. */
const BEYOND = [
  { pattern: /\/repos\/[^/]+\/[^/]+\/milestones\?/, why: "milestones are set by id, and looked up by title" },
  { pattern: /\/orgs\/[^/]+\/labels\?/, why: "a label may belong to the organisation" },
];

describe.skipIf(missingServers("gitea"))("the adapter of Gitea", () => {
  gitPlatformContract("gitea", () => openGiteaContractHost(recorded));

  it("can do what the page of hosts says", async () => {
    const { url, token } = await servers.gitea();
    const { platform } = await openPlatform({ platform: "gitea", url: `${url}/a/b.git`, token: new Secret(token) });
    const info = await platform.getHost({ signal: new AbortController().signal, log: silentLog });
    await platform.close();
    expect(info).toMatchObject({ product: "Gitea 1.26.0", can: documentedCapabilities().get("gitea") });
  });

  it.skipIf(description === undefined && "the published description is not beside the checkout")(
    "sent nothing that Gitea's published description does not allow",
    () => {
      if (description === undefined) return;
      const api = readDescription(description);
      expect(recorded.length).toBeGreaterThan(100);
      const described = recorded.filter(({ path }) => !BEYOND.some(({ pattern }) => pattern.test(path)));
      const problems = described.map((request) => ({ ...request, problem: api.problemOf(request) }));
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
    const { cloneUrl } = await gitea.freshRepository({ branches: ["kubeferry/main"] });
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
