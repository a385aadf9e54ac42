import { generateKeyPairSync } from "node:crypto";
import { Secret } from "@kubeferry/model";
import { afterEach, describe, expect, it } from "vitest";
import type { AppCredentials, OpenedAdapter } from "../../driver.ts";
import { addRepository } from "../../testing/stand-in/host-state.ts";
import { createGitHub } from "./github.ts";
import type { AppState } from "./testing/app-routes.ts";
import { type GitHubStandIn, startGitHub } from "./testing/github-stand-in.ts";
import { CALL, openGitHub, REPO, TOKEN } from "./testing/open-github.ts";

const NOON = Date.UTC(2026, 0, 2, 12);
const MINUTE_MS = 60_000;
const PAIR = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PEM = PAIR.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe("a token", () => {
  it.each([
    ["classic", `ghp_${"a1".repeat(18)}`],
    ["fine-grained", `github_pat_${"a1".repeat(30)}`],
    ["of a workflow", `ghs_${"a1".repeat(18)}`],
    ["of before 2021", "a1".repeat(20)],
  ])(
    "that is %s goes out as a bearer to the API, and as the password of x-access-token to git",
    async (_kind, text) => {
      const github = await startGitHub({ tokens: { [text]: "ada" } });
      addRepository(github.state, REPO.owner, REPO.name);
      const options = { apiUrl: github.standIn.url, repo: REPO, token: new Secret(text) };
      const { platform, gitLogin } = createGitHub(options, { paced: false, now: Date.now });
      closing.push(() => platform.close(), github.standIn.close);
      expect(await platform.getRepository(REPO, CALL)).toMatchObject({ defaultBranch: "main" });
      const login = await gitLogin(CALL);
      expect(login).toMatchObject({ scheme: "basic", username: "x-access-token" });
      expect(login?.token.reveal()).toBe(text);
    },
  );

  it("that is left out reads what is public, and gives git no login", async () => {
    const options = { apiUrl: "http://127.0.0.1:9", repo: REPO };
    expect(await createGitHub(options, { paced: false, now: Date.now }).gitLogin(CALL)).toBeUndefined();
  });

  it("is never the password of a user: the message names what GitHub takes", () => {
    const options = { apiUrl: "http://127.0.0.1:9", repo: REPO, username: "ada", token: new Secret("s3cret") };
    const create = () => createGitHub(options, { paced: false, now: Date.now });
    expect(create).toThrow(/invalid: GitHub takes no user with a password; drop it, and write a personal access token/);
    expect(create).not.toThrow(/s3cret/);
  });

  it("may push as far as its host tells: a person's right says nothing of a fine-grained token", async () => {
    const seen: unknown[] = [];
    for (const token of [TOKEN, `github_pat_${"a1".repeat(30)}`]) {
      for (const mayPush of [true, false]) {
        const github = await startGitHub({ tokens: { [token]: "ada" } });
        addRepository(github.state, REPO.owner, REPO.name).mayPush = mayPush;
        const options = { apiUrl: github.standIn.url, repo: REPO, token: new Secret(token) };
        const { platform } = createGitHub(options, { paced: false, now: Date.now });
        seen.push((await platform.getRepository(REPO, CALL)).canPush);
        await platform.close();
        await github.standIn.close();
      }
    }
    expect(seen).toEqual([true, false, undefined, false]);
  });

  it("tells its scopes where it is a classic one", async () => {
    const github = await openGitHub();
    closing.push(github.close);
    expect((await github.platform.getHost(CALL)).scopes).toBeUndefined();
    github.state.headers = { "x-oauth-scopes": "repo, read:org" };
    expect(await github.platform.getHost(CALL)).toMatchObject({ user: "ada", scopes: ["repo", "read:org"] });
    github.state.headers = { "x-oauth-scopes": "" };
    expect((await github.platform.getHost(CALL)).scopes).toEqual([]);
  });
});

describe("a GitHub App", () => {
  it("looks up its installation by the repository, and asks for a token of that repository alone", async () => {
    const { adapter, github } = await openApp();
    expect(await adapter.platform.getRepository(REPO, CALL)).toMatchObject({ canPush: true });
    expect(github.standIn.requests.map(({ method, path, body }) => [method, path, body])).toEqual([
      ["GET", "/repos/acme/fleet/installation", undefined],
      ["POST", "/app/installations/4711/access_tokens", { repositories: ["fleet"] }],
      ["GET", "/repos/acme/fleet", undefined],
    ]);
    const login = await adapter.gitLogin(CALL);
    expect(login).toMatchObject({ scheme: "basic", username: "x-access-token" });
    expect(login?.token.reveal()).toMatch(/^ghs_/);
    expect(github.standIn.requests).toHaveLength(3);
  });

  it("asks for one token however many requests wait for it, and for no installation that was given", async () => {
    const { adapter, github } = await openApp({ installationId: 4711 });
    await Promise.all(Array.from({ length: 5 }, () => adapter.platform.getRepository(REPO, CALL)));
    const asked = github.standIn.requests.filter(({ path }) => !path.startsWith("/repos/acme/fleet"));
    expect(asked.map(({ path }) => path)).toEqual(["/app/installations/4711/access_tokens"]);
    expect(github.standIn.requests).toHaveLength(6);
  });

  it("renews its token ten minutes before it runs out, for the API and for git", async () => {
    const { adapter, app, clock } = await openApp();
    const tokenNow = async () => (await adapter.gitLogin(CALL))?.token.reveal();
    const first = await tokenNow();
    clock.nowMs = NOON + 49 * MINUTE_MS;
    expect(await tokenNow()).toBe(first);
    clock.nowMs = NOON + 51 * MINUTE_MS;
    const second = await tokenNow();
    expect(second).not.toBe(first);
    expect(app.tokens.size).toBe(2);
    clock.nowMs = NOON + 65 * MINUTE_MS;
    expect(await adapter.platform.getRepository(REPO, CALL)).toMatchObject({ defaultBranch: "main" });
  });

  it("says who it comments as, and what it may do", async () => {
    const { adapter, app } = await openApp();
    expect(await adapter.platform.getHost(CALL)).toMatchObject({
      user: "kubeferry[bot]",
      scopes: ["contents:write", "pull_requests:write"],
    });
    app.permissions = { contents: "read" };
    const reader = createGitHub(optionsOf({}, adapter.apiUrl), { paced: false, now: () => NOON });
    closing.push(() => reader.platform.close());
    expect((await reader.platform.getRepository(REPO, CALL)).canPush).toBe(false);
  });

  it.each([
    [
      "of another key",
      {
        privateKey: new Secret(
          generateKeyPairSync("rsa", { modulusLength: 2048 })
            .privateKey.export({ type: "pkcs8", format: "pem" })
            .toString(),
        ),
      },
      "find the App's installation for acme/fleet: denied: the App is not accepted",
    ],
    ["of another id", { id: "78" }, "find the App's installation for acme/fleet: denied: the App is not accepted"],
    [
      "of another installation",
      { installationId: 1 },
      "get a token of the App for acme/fleet: not-found: the App is not installed for the repository",
    ],
  ])("%s is refused in words", async (_what, given, message) => {
    const { adapter } = await openApp(given);
    await expect(adapter.platform.getRepository(REPO, CALL)).rejects.toThrow(message);
    await expect(adapter.gitLogin(CALL)).rejects.toThrow(message);
  });

  it("says when its installation does not include the repository", async () => {
    const { adapter, app } = await openApp();
    app.without.add("fleet");
    await expect(adapter.platform.getRepository(REPO, CALL)).rejects.toThrow(
      "denied: the App's installation does not include the repository; add the repository to the installation",
    );
  });

  it("asks once for a token that GitHub does not give, though what needs it could be sent again", async () => {
    const { adapter, github } = await openApp({ installationId: 4711 });
    github.standIn.faults.misbehave({
      fault: { type: "status", status: 503 },
      matches: ({ method }) => method === "POST",
    });
    await expect(adapter.platform.getRepository(REPO, CALL)).rejects.toMatchObject({ kind: "unavailable" });
    expect(github.standIn.requests.map(({ method }) => method)).toEqual(["POST"]);
  });
});

async function openApp(given: Partial<AppCredentials> = {}): Promise<{
  adapter: OpenedAdapter & { readonly apiUrl: string };
  github: GitHubStandIn;
  app: AppState;
  clock: { nowMs: number };
}> {
  const clock = { nowMs: NOON };
  const app: AppState = {
    id: "77",
    publicKey: PAIR.publicKey,
    slug: "kubeferry",
    installationId: 4711,
    permissions: { contents: "write", pull_requests: "write" },
    without: new Set(),
    tokens: new Map(),
    now: () => clock.nowMs,
  };
  const github = await startGitHub({ tokens: {}, app });
  addRepository(github.state, REPO.owner, REPO.name);
  const options = optionsOf(given, github.standIn.url);
  const adapter = { ...createGitHub(options, { paced: false, now: () => clock.nowMs }), apiUrl: options.apiUrl };
  closing.push(() => adapter.platform.close(), github.standIn.close);
  return { adapter, github, app, clock };
}

function optionsOf(given: Partial<AppCredentials>, apiUrl: string) {
  const app = { id: "77", privateKey: new Secret(PEM), ...given };
  return { apiUrl, repo: REPO, app, repeating: { sleep: async () => undefined } };
}
