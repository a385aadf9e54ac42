import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { inspect } from "node:util";
import { type Call, type LogFields, Secret } from "@kubeferry/model";
import { type FreshRepository, type GiteaServer, missingServers, servers } from "@kubeferry/testbed";
import { afterEach, describe, expect, it } from "vitest";
import { GitError, openWorkTree, type WorkTree } from "./index.ts";
import { quietCall, temporaryFolder } from "./testing/local-repository.ts";
import { watchProcesses } from "./testing/watch-processes.ts";

const MESSAGE = { subject: "Update", body: "", trailers: { "Kubeferry-Snapshot": "1" } };
const call = quietCall();
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Place {
  gitea: GiteaServer;
  repository: FreshRepository;
}

async function place(): Promise<Place> {
  const gitea = await servers.gitea();
  return { gitea, repository: await gitea.freshRepository() };
}

async function open(url: string, token: string, more: { username?: string; parentFolder?: string } = {}, at = call) {
  const { username = "x-access-token", ...rest } = more;
  const credentials = { scheme: "basic", username, token: new Secret(token) } as const;
  const tree = await openWorkTree({ url, base: "main", credentials, ...rest }, at);
  cleanups.push(() => tree.close());
  return tree;
}

async function commitFile(tree: WorkTree, content: string): Promise<string> {
  await tree.writeFile("namespaces/shop/web.yaml", content);
  const commit = await tree.commit(MESSAGE, ["namespaces"], call);
  if (commit === undefined) throw new Error("nothing to commit");
  return commit;
}

async function failureOf(attempt: Promise<unknown>): Promise<GitError> {
  const error: unknown = await attempt.then(
    () => new Error("no error"),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GitError)) throw error;
  return error;
}

describe.skipIf(missingServers("gitea"))("git against a real Gitea", () => {
  it("clones, pushes a new branch, pushes it on, and deletes it", async () => {
    const { gitea, repository } = await place();
    const tree = await open(repository.cloneUrl, gitea.token);
    const first = await commitFile(tree, "replicas: 1\n");
    await tree.push(first, "kubeferry/main", undefined, call);
    const second = await commitFile(tree, "replicas: 2\n");
    await tree.push(second, "kubeferry/main", first, call);
    const branch = await tree.remoteBranch("kubeferry/main", call);
    expect(branch).toMatchObject({
      commit: second,
      commits: [{ id: second, trailers: { "Kubeferry-Snapshot": "1" } }],
    });
    const path = `/repos/${repository.owner}/${repository.name}`;
    const { json } = await gitea.api("GET", `${path}/contents/namespaces/shop/web.yaml?ref=kubeferry/main`);
    const { content } = json as { content: string };
    expect(Buffer.from(content, "base64").toString()).toBe("replicas: 2\n");
    await tree.deleteRemoteBranch("kubeferry/main", second, call);
    expect(await tree.remoteBranch("kubeferry/main", call)).toBeUndefined();
  });

  it("signs in with a user name and a password too", async () => {
    const { gitea, repository } = await place();
    const tree = await open(repository.cloneUrl, gitea.password, { username: gitea.user });
    await tree.checkPush("kubeferry/main", call);
  });

  it("loses a race as a conflict", async () => {
    const { gitea, repository } = await place();
    const ours = await open(repository.cloneUrl, gitea.token);
    const theirs = await open(repository.cloneUrl, gitea.token);
    const their = await commitFile(theirs, "theirs: true\n");
    const our = await commitFile(ours, "ours: true\n");
    await theirs.push(their, "kubeferry/main", undefined, call);
    expect((await failureOf(ours.push(our, "kubeferry/main", undefined, call))).message).toBe(
      'git: push to kubeferry/main: conflict: branch "kubeferry/main" moved after it was read; ' +
        "run again to build on what is there now",
    );
    expect((await ours.remoteBranch("kubeferry/main", call))?.commit).toBe(their);
  });

  it("names the rule when the branch is protected", async () => {
    const { gitea, repository } = await place();
    const rule = { rule_name: "main", enable_push: false };
    const protect = await gitea.api("POST", `/repos/${repository.owner}/${repository.name}/branch_protections`, rule);
    expect(protect.status).toBe(201);
    const tree = await open(repository.cloneUrl, gitea.token);
    const commit = await commitFile(tree, "a: 1\n");
    const error = await failureOf(tree.push(commit, "main", tree.baseCommit, call));
    expect(error.kind).toBe("protected");
    expect(error.message).toMatch(
      /rule of the server protects branch "main" \(.*[Nn]ot allowed to push to protected branch main/,
    );
  });

  it("tells a bad token, a missing repository and a token that may only read apart", async () => {
    const { gitea, repository } = await place();
    const wrong = await failureOf(open(repository.cloneUrl, "0123456789abcdef0123456789abcdef01234567"));
    expect([wrong.kind, wrong.next]).toEqual(["denied", "check repository.token: set, not expired, for this host"]);
    const missing = `${gitea.url}/${repository.owner}/no-such-repository.git`;
    expect((await failureOf(open(missing, gitea.token))).kind).toBe("not-found");

    const reader = await readingToken(gitea);
    const tree = await open(repository.cloneUrl, reader);
    expect((await failureOf(tree.checkPush("kubeferry/main", call))).kind).toBe("denied");
    const commit = await commitFile(tree, "a: 1\n");
    expect((await failureOf(tree.push(commit, "kubeferry/main", undefined, call))).kind).toBe("denied");
  });

  it("explains an empty repository", async () => {
    const gitea = await servers.gitea();
    const empty = await gitea.freshRepository({ empty: true });
    const error = await failureOf(open(empty.cloneUrl, gitea.token));
    expect(error.message).toContain('the repository is empty: it has no branch "main"; push a first commit');
  });

  it("does not repeat the token where git prints it, as part of an address", async () => {
    const server = createServer((_request, response) => void response.writeHead(403).end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    cleanups.push(() => new Promise((resolve) => server.close(resolve)));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/s3cret-t0ken/fleet.git`;
    const error = await failureOf(open(url, "s3cret-t0ken"));
    expect(error.message).toContain("/***/fleet.git/");
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain("s3cret-t0ken");
  });

  it("does not carry the token to another host that the first one sends on to", async () => {
    const { gitea, repository } = await place();
    const moved = await startRedirecting(gitea.url);
    cleanups.push(moved.close);
    const url = repository.cloneUrl.replace(gitea.url, moved.url);
    const error = await failureOf(open(url, gitea.token));
    expect(error).toMatchObject({ kind: "invalid", next: "write the new address in repository.url" });
  });

  it.skipIf(process.platform !== "linux" && "needs /proc")(
    "shows the token in no process argument, file of the clone, log line or error",
    async () => {
      const { gitea, repository } = await place();
      const parentFolder = temporaryFolder("leak");
      const lines: unknown[] = [];
      const keep = (message: string, fields?: LogFields) => void lines.push({ message, fields });
      const logged: Call = { ...call, log: { debug: keep, info: keep, warn: keep, error: keep } };
      const basic = Buffer.from(`x-access-token:${gitea.token}`).toString("base64");
      const secrets = [gitea.token, basic];

      const watch = watchProcesses();
      const tree = await open(repository.cloneUrl, gitea.token, { parentFolder }, logged);
      const commit = await commitFile(tree, "x".repeat(3_000_000));
      await tree.push(commit, "kubeferry/main", undefined, logged);
      const other = await commitFile(tree, "y\n");
      const conflict = await failureOf(tree.push(other, "kubeferry/main", undefined, logged));
      const gone = failureOf(open(`${gitea.url}/ferry/none.git`, gitea.token, { parentFolder }, logged));
      const errors = [conflict, await gone];
      const commandLines = watch.stop();

      expect(commandLines.some((line) => line.includes("remote-http"))).toBe(true);
      expect(commandLines.some((line) => /^git push/.test(line))).toBe(true);
      expect(readFileSync(join(await tree.checkOut(logged), ".git", "config"), "utf8")).toContain(repository.cloneUrl);
      const shown = errors.flatMap((error) => [inspect(error, { depth: 20, showHidden: true }), error.stack ?? ""]);
      for (const secret of secrets) {
        expect(commandLines.filter((line) => line.includes(secret))).toEqual([]);
        expect(filesWith(parentFolder, secret)).toEqual([]);
        expect([inspect(lines, { depth: 20 }), ...shown].filter((text) => text.includes(secret))).toEqual([]);
      }
    },
  );
});

describe.skipIf(missingServers("kube-apiserver"))(
  "git against a server with a certificate of its own authority",
  () => {
    it("needs caFile, and gets past the certificate with it", async () => {
      const { url, caFile } = await servers.kubeApi();
      const options = { url: `${url}/acme/fleet.git`, base: "main" };
      const untrusted = await failureOf(openWorkTree(options, call));
      expect(untrusted).toMatchObject({ kind: "invalid", next: expect.stringContaining("repository.caFile") });
      const trusted = await failureOf(openWorkTree({ ...options, caFile }, call));
      expect(trusted.kind).toMatch(/^(denied|not-found)$/);
    });
  },
);

async function readingToken(gitea: GiteaServer): Promise<string> {
  const body = { name: `reader-${Date.now()}`, scopes: ["read:repository"] };
  const basic = Buffer.from(`${gitea.user}:${gitea.password}`).toString("base64");
  const answer = await fetch(`${gitea.url}/api/v1/users/${gitea.user}/tokens`, {
    method: "POST",
    headers: { authorization: `Basic ${basic}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return ((await answer.json()) as { sha1: string }).sha1;
}

async function startRedirecting(target: string): Promise<{ url: string; close: () => Promise<unknown> }> {
  const server = createServer((request, response) => {
    response.writeHead(302, { location: `${target}${request.url}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

function filesWith(folder: string, secret: string): readonly string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => join(folder, path));
  return paths.filter((path) => existsSync(path) && statSync(path).isFile() && readFileSync(path).includes(secret));
}
