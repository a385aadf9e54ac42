import { generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret, silentLog } from "@kubeferry/model";
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { closePullRequest, ensurePullRequest } from "../../ensure-pull-request.ts";
import { createGitHub } from "./github.ts";

const TOKEN = `ghp_${"0123456789".repeat(4)}`; // no token, only its form
const REPO = { owner: "acme", name: "fleet" };
const KEY = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" });
const CALL = { signal: new AbortController().signal, log: silentLog };

/** Where emulate 0.9.0 is not as GitHub is. It has no commit statuses, no rulesets and no GraphQL, and takes no request
 *  for an issue, so that assignees and milestones are not asked for here. */
const DIFFERS = {
  unknownToken: "it takes any token for the first user's",
  secondRequest: "it opens as many requests of a pair as are asked for",
  missingBranch: "it makes the branch that a request names",
  app: "it holds an App's signature against the private key, which never fits",
} as const;

const WISH = {
  from: "kubeferry/main",
  to: "main",
  title: "Update shop",
  body: "3 objects",
  draft: true,
  additions: {
    labels: ["Backup", "no such"],
    reviewers: ["grace"],
    teamReviewers: [],
    assignees: [],
    milestone: undefined,
  },
  commit: "0".repeat(40),
  pushed: true,
  removes: false,
  autoMerge: undefined,
  status: undefined,
} as const;

describe("against a GitHub of somebody else's making", () => {
  const running: { emulator?: Emulator; url: string } = { url: "" };
  const open = (token: string) =>
    createGitHub({ apiUrl: running.url, repo: REPO, token: new Secret(token) }, { paced: false, now: Date.now });

  beforeAll(async () => {
    const port = await freePort();
    running.url = `http://127.0.0.1:${port}`;
    running.emulator = await createEmulator({
      service: "github",
      port,
      baseUrl: running.url,
      seed: {
        tokens: { [TOKEN]: { login: "ada", scopes: ["repo"] } },
        github: {
          users: [{ login: "ada" }, { login: "grace" }],
          orgs: [{ login: "acme" }],
          repos: [{ owner: "acme", name: "fleet", auto_init: true }],
          apps: [
            {
              app_id: 77,
              slug: "kubeferry",
              name: "kubeferry",
              private_key: KEY,
              permissions: { contents: "write", pull_requests: "write" },
              installations: [{ installation_id: 4711, account: "acme" }],
            },
          ],
        },
      },
    });
  });
  afterAll(() => running.emulator?.close());

  it("tells who the token speaks for, the repository and its branch", async () => {
    const { platform } = open(TOKEN);
    expect(await platform.getHost(CALL)).toMatchObject({ product: "GitHub", user: "ada" });
    expect(await platform.getRepository(REPO, CALL)).toMatchObject({ defaultBranch: "main", empty: false });
    expect(await platform.getBranchRules(REPO, "main", CALL)).toEqual({
      protected: false,
      mayPush: undefined,
      requiredStatuses: [],
    });
  });

  it("opens one draft with what belongs to it, leaves it alone, changes it, closes it with a comment", async () => {
    const { platform } = open(TOKEN);
    const host = { platform, repo: REPO, info: await platform.getHost(CALL) };
    await ask("POST", "/repos/acme/fleet/labels", { name: "backup", color: "00aabb" });
    const first = await ensurePullRequest(host, WISH, CALL);
    expect(first).toMatchObject({
      outcome: "created",
      warnings: ['the label "no such" was left out: the repository has no such label'],
    });
    expect(await ask("GET", "/repos/acme/fleet/pulls/1")).toMatchObject({
      title: "Update shop",
      body: "3 objects",
      draft: true,
      head: { ref: "kubeferry/main" },
      labels: [{ name: "backup" }],
      requested_reviewers: [{ login: "grace" }],
    });
    const again = { ...WISH, pushed: false, additions: { ...WISH.additions, labels: ["backup"] } };
    expect(await ensurePullRequest(host, again, CALL)).toEqual({ ...first, outcome: "unchanged", warnings: [] });
    const changed = { ...again, body: "4 objects" };
    expect(await ensurePullRequest(host, changed, CALL)).toEqual({ ...first, outcome: "updated", warnings: [] });
    const closing = { from: WISH.from, to: WISH.to, reason: "nothing is left" };
    expect(await closePullRequest(host, closing, CALL)).toMatchObject({ outcome: "closed" });
    expect(await platform.findOpenPullRequest(REPO, WISH, CALL)).toBeUndefined();
    expect(await ask("GET", "/repos/acme/fleet/issues/1/comments")).toMatchObject([{ body: "nothing is left" }]);
  });

  it("finds one of 120 open requests, and every comment beyond the first page", { timeout: 20_000 }, async () => {
    const { platform } = open(TOKEN);
    for (let number = 1; number <= 120; number += 1) {
      await platform.createPullRequest(REPO, { ...WISH, from: `other/${number}` }, CALL);
    }
    const pull = await platform.findOpenPullRequest(REPO, { from: "other/1", to: "main" }, CALL);
    if (pull === undefined) throw new Error("not found");
    for (let number = 1; number <= 103; number += 1) await platform.comment(pull, `comment ${number}`, CALL);
    const comments = await gathered(platform.listComments(pull, CALL));
    expect(comments.map(({ text }) => text)).toEqual(Array.from({ length: 103 }, (_, index) => `comment ${index + 1}`));
    const last = comments.at(-1);
    if (last !== undefined) await platform.updateComment(pull, last, "changed", CALL);
    expect((await gathered(platform.listComments(pull, CALL))).at(-1)).toMatchObject({
      text: "changed",
      author: "ada",
    });
  });

  it("says denied for a token that is unknown", async ({ skip }) => {
    skip(DIFFERS.unknownToken);
    await expect(open("ghp_unknown").platform.getRepository(REPO, CALL)).rejects.toMatchObject({ kind: "denied" });
  });

  it("calls a second request of a pair a conflict", async ({ skip }) => {
    skip(DIFFERS.secondRequest);
    const { platform } = open(TOKEN);
    await platform.createPullRequest(REPO, { ...WISH, from: "twice" }, CALL);
    const second = platform.createPullRequest(REPO, { ...WISH, from: "twice" }, CALL);
    await expect(second).rejects.toMatchObject({ kind: "conflict" });
  });

  it("says not-found for a branch that was never pushed", async ({ skip }) => {
    skip(DIFFERS.missingBranch);
    const missing = open(TOKEN).platform.createPullRequest(REPO, { ...WISH, from: "never" }, CALL);
    await expect(missing).rejects.toMatchObject({ kind: "not-found" });
  });

  it("lets an App in by a token of its installation", async ({ skip }) => {
    skip(DIFFERS.app);
    const app = { id: "77", privateKey: new Secret(String(KEY)) };
    const time = { paced: false, now: Date.now };
    const { platform } = createGitHub({ apiUrl: running.url, repo: REPO, app }, time);
    expect(await platform.getHost(CALL)).toMatchObject({ user: "kubeferry[bot]" });
  });

  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${running.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }
});

async function gathered<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
