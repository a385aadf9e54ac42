import { afterEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  addComment,
  addRepository,
  commitId,
  createHostState,
  findPull,
  findRepository,
  mergeIfReady,
  openPull,
  pageOf,
  setStatus,
} from "./host-state.ts";
import { route } from "./route.ts";
import { type StandIn, startStandIn } from "./stand-in.ts";
import { standInHost } from "./stand-in-host.ts";

const started: StandIn[] = [];
afterEach(async () => {
  for (const standIn of started.splice(0)) await standIn.close();
});

describe("a stand-in of a host", () => {
  it("answers what it has a route for, and names what the real host would not take", async () => {
    const standIn = await start();
    expect(await ask(standIn, "GET", "/repos/acme/fleet")).toEqual({
      status: 200,
      json: { name: "fleet", user: "ada" },
    });
    expect(await ask(standIn, "GET", "/repos/acme/fleet/branches/a/b%20c")).toMatchObject({
      json: { branch: "a/b c" },
    });
    expect(await ask(standIn, "POST", "/repos/acme/fleet/pulls", { title: "t" })).toMatchObject({ status: 201 });
    expect(standIn.violations).toEqual([]);
    expect(await ask(standIn, "POST", "/repos/acme/fleet/pulls", { title: "t", lable: 1 })).toMatchObject({
      status: 422,
    });
    expect(await ask(standIn, "GET", "/repos/acme/fleet?page=1")).toMatchObject({ status: 422 });
    expect(await ask(standIn, "PUT", "/repos/acme/fleet")).toMatchObject({ status: 422 });
    expect(standIn.violations).toEqual([
      expect.stringMatching(/^POST \/repos\/acme\/fleet\/pulls: body: .*lable/),
      expect.stringMatching(/^GET \/repos\/acme\/fleet\?page=1: query: there must be none/),
      expect.stringMatching(/^PUT \/repos\/acme\/fleet: the stand-in has no such operation/),
    ]);
  });

  it("refuses an unknown credential, and never answers with one", async () => {
    const standIn = await start();
    expect(await ask(standIn, "GET", "/repos/acme/fleet", undefined, "other")).toMatchObject({ status: 401 });
    await ask(standIn, "GET", "/repos/acme/s3cret");
    expect(standIn.violations).toEqual(["GET /repos/acme/s3cret: the answer holds the credential"]);
  });

  it("misbehaves as often as it is told, and records every request", async () => {
    const standIn = await start();
    const fault = { type: "status", status: 429, headers: { "retry-after": "7" } } as const;
    standIn.faults.misbehave({ fault, times: 1, matches: ({ method }) => method === "GET" });
    expect((await ask(standIn, "GET", "/repos/acme/fleet")).status).toBe(429);
    expect((await ask(standIn, "GET", "/repos/acme/fleet")).status).toBe(200);
    expect(standIn.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
      Array.from({ length: 2 }, () => "GET /repos/acme/fleet"),
    );
  });
});

describe("a stand-in as the contract's host", () => {
  it("shows what it holds, and cannot be closed quietly after a request that the real host would not have taken", async () => {
    const standIn = await start();
    const state = createHostState({ users: ["ada", "grace"], teams: [] });
    const open = () => {
      throw new Error("no adapter here");
    };
    const people = { users: ["grace", "alan"] } as const;
    const host = standInHost({ standIn, state, owner: "acme", open, credentials: ["s3cret"], people });
    const place = await host.freshRepository("a");
    const repository = findRepository(state, place.repo.owner, place.repo.name);
    if (repository === undefined) throw new Error("no repository");
    openPull(repository, { from: "a", to: "main", title: "t", body: "", draft: false, author: "ada" });
    await place.commentAsOther(1, "hello");
    expect(await place.look(1)).toMatchObject({ state: "open", title: "t", comments: ["hello"], autoMerge: false });
    await ask(standIn, "GET", "/nowhere");
    await expect(host.close()).rejects.toThrow("GET /nowhere: the stand-in has no such operation");
    started.splice(0);
  });
});

describe("the state of a host", () => {
  it("opens one request of a pair, and only between branches that differ", () => {
    const repository = addRepository(createHostState({ users: ["ada"], teams: [] }), "acme", "fleet");
    const want = { from: "a", to: "main", title: "t", body: "", draft: false, author: "ada" };
    expect(openPull(repository, want)).toBe("missing-branch");
    expect(openPull(repository, { ...want, from: "main" })).toBe("no-difference");
    repository.branches.set("a", commitId("a"));
    expect(openPull(repository, want)).toMatchObject({ number: 1, state: "open" });
    expect(openPull(repository, want)).toBe("duplicate");
  });

  it("merges a request that waits for a status once it is set, and deletes its branch", () => {
    const state = createHostState({ users: ["ada"], teams: [] });
    addRepository(state, "acme", "fleet").branches.set("a", commitId("a"));
    const repository = findRepository(state, "acme", "fleet");
    if (repository === undefined) throw new Error("no repository");
    repository.rules.set("main", { mayPush: false, requiredStatuses: ["check"] });
    openPull(repository, { from: "a", to: "main", title: "t", body: "", draft: false, author: "ada" });
    const pull = findPull(repository, 1);
    if (pull === undefined) throw new Error("no request");
    addComment(pull, "ada", "hello");
    pull.autoMerge = { method: "merge", user: "ada" };
    mergeIfReady(repository, pull);
    expect(pull.state).toBe("open");
    const status = { commit: commitId("a"), context: "check", description: "", url: "" };
    setStatus(repository, { ...status, state: "failure" });
    expect(pull.state).toBe("open");
    setStatus(repository, { ...status, state: "success" });
    expect(pull.state).toBe("merged");
    expect([...repository.branches.keys()]).toEqual(["main"]);
    expect(repository.statuses).toHaveLength(1);
  });

  it("gives a list by pages", () => {
    expect(pageOf([1, 2, 3], { number: 1, size: 2 })).toEqual({ items: [1, 2], last: false });
    expect(pageOf([1, 2, 3], { number: 2, size: 2 })).toEqual({ items: [3], last: true });
  });
});

async function start(): Promise<StandIn> {
  const standIn = await startStandIn({
    description: "none",
    beyond: {},
    credentials: ["s3cret"],
    authenticate: ({ authorization }) => (authorization === "token s3cret" ? "ada" : { status: 401, json: {} }),
    routes: [
      route("GET /repos/{owner}/{repo}", {}, ({ params, user }) => ({
        status: 200,
        json: { name: params.repo, user },
      })),
      route("GET /repos/{owner}/{repo}/branches/{branch+}", {}, ({ params }) => ({
        status: 200,
        json: { branch: params.branch },
      })),
      route("POST /repos/{owner}/{repo}/pulls", { body: z.strictObject({ title: z.string() }) }, ({ body }) => ({
        status: 201,
        json: { title: body.title },
      })),
    ],
  });
  started.push(standIn);
  return standIn;
}

async function ask(
  { url }: StandIn,
  method: string,
  path: string,
  body?: unknown,
  token = "s3cret",
): Promise<{ status: number; json: unknown }> {
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `token ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: await answer.json() };
}
