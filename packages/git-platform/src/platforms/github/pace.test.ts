import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Secret } from "@kubeferry/model";
import { afterEach, describe, expect, it } from "vitest";
import type { Fault } from "../../testing/faults.ts";
import { commitId } from "../../testing/stand-in/host-state.ts";
import { createGitHub } from "./github.ts";
import { CALL, openGitHub, REPO, TOKEN } from "./testing/open-github.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("requests to GitHub are sent", () => {
  const status = (code: number, headers = {}): Fault => ({ type: "status", status: code, headers });
  it.each([
    ["500", status(500), { GET: 1, POST: 1, PATCH: 1, GraphQL: 1 }],
    ["503", status(503), { GET: 3, POST: 1, PATCH: 1, GraphQL: 1 }],
    ["429 with Retry-After", status(429, { "retry-after": "1" }), { GET: 3, POST: 1, PATCH: 1, GraphQL: 1 }],
    ["a secondary limit", status(403, { "retry-after": "1" }), { GET: 3, POST: 1, PATCH: 1, GraphQL: 1 }],
    [
      "a used-up limit of an hour",
      status(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4102444800" }),
      { GET: 1, POST: 1, PATCH: 1, GraphQL: 1 },
    ],
    ["a cut connection", { type: "cut" } satisfies Fault, { GET: 3, POST: 1, PATCH: 1, GraphQL: 1 }],
  ])("as often as our client alone sends them, at %s", async (_what, fault, counts) => {
    const github = await openGitHub();
    closing.push(github.close);
    const open = await github.request();
    const { platform, standIn } = github;
    standIn.faults.misbehave({ fault });
    const sent = async (act: () => Promise<unknown>) => {
      const before = standIn.requests.length;
      await expect(act()).rejects.toMatchObject({ name: "PlatformError" });
      return standIn.requests.length - before;
    };
    expect({
      GET: await sent(() => platform.getRepository(REPO, CALL)),
      POST: await sent(() => platform.comment(open, "x", CALL)),
      PATCH: await sent(() => platform.updatePullRequest(open, { title: "y" }, CALL)),
      GraphQL: await sent(() => platform.cancelAutoMerge(open, CALL)),
    }).toEqual(counts);
  });

  it("once at a secondary limit that only its text tells of: Octokit repeats nothing", {
    timeout: 12_000,
  }, async () => {
    const github = await openGitHub({}, true);
    closing.push(github.close);
    const json = {
      message: "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
    };
    github.state.refusal = { status: 403, json };
    const status = { context: "one", state: "success", description: "", url: "https://example.com/" } as const;
    const setting = github.platform.setCommitStatus(REPO, commitId("kubeferry/main"), status, CALL);
    await expect(setting).rejects.toThrow(
      "rate-limited: GitHub's limit of actions in a short time; run again in a minute",
    );
    expect(github.standIn.requests).toHaveLength(1);
  });

  it("a second apart when they write, and without waiting when they read", { timeout: 20_000 }, async () => {
    const github = await openGitHub({}, true);
    closing.push(github.close);
    const open = await github.request();
    const commit = commitId("kubeferry/main");
    const set = (context: string) =>
      github.platform.setCommitStatus(
        REPO,
        commit,
        { context, state: "success", description: "", url: "https://example.com/" },
        CALL,
      );
    const started = performance.now();
    await Promise.all([set("one"), set("two")]);
    expect(performance.now() - started).toBeGreaterThan(900);
    const ended: string[] = [];
    const writing = github.platform.comment(open, "x", CALL).then(() => ended.push("written"));
    await github.platform.getCommitStatus(REPO, commit, "one", CALL).then(() => ended.push("read"));
    await writing;
    expect(ended).toEqual(["read", "written"]);
  });

  it("not at all once the signal says so, however long their turn is away", async () => {
    const github = await openGitHub({}, true);
    closing.push(github.close);
    const open = await github.request();
    const controller = new AbortController();
    const started = performance.now();
    const waiting = github.platform.comment(open, "x", { ...CALL, signal: controller.signal });
    setTimeout(() => controller.abort(new Error("stopped by the test")), 50);
    await expect(waiting).rejects.toThrow("stopped by the test");
    expect(performance.now() - started).toBeLessThan(2_500);
    expect(github.sent().filter((line) => line.endsWith("/comments"))).toEqual([]);
  });
});

it("a server of one's own has its GraphQL beside its REST, and tells its version", async () => {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    const json = request.url === "/api/v3/user" ? { login: "ada" } : { errors: [{ type: "NOT_FOUND", message: "no" }] };
    response.writeHead(200, { "content-type": "application/json", "x-github-enterprise-version": "3.11.4" });
    response.end(JSON.stringify(json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v3`;
  const { platform } = createGitHub({ apiUrl, repo: REPO, token: new Secret(TOKEN) }, { paced: false, now: Date.now });
  closing.push(
    () => platform.close(),
    () => new Promise((resolve) => server.close(resolve)),
  );
  const { product, can } = await platform.getHost(CALL);
  expect([product, can.autoMerge, can.draft]).toEqual(["GitHub Enterprise Server 3.11.4", false, true]);
  const open = { repo: REPO, number: 1, url: "", from: "a", to: "main", title: "", body: "", draft: false, labels: [] };
  await expect(platform.cancelAutoMerge(open, CALL)).rejects.toMatchObject({ kind: "not-found" });
  expect(asked).toEqual(["GET /api/v3/user", "POST /api/graphql"]);
});
