import { Secret } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, describe, expect, it, vi } from "vitest";
import { openWorkTree } from "./index.ts";
import { startProxy, type TestProxy } from "./testing/http-proxy.ts";
import { quietCall, temporaryFolder } from "./testing/local-repository.ts";
import { startTlsFront } from "./testing/tls-front.ts";

const PASSWORD = "p@ss:w/rd";
const call = quietCall();
const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startedProxy(password?: string): Promise<TestProxy> {
  const proxy = await startProxy(password);
  cleanups.push(proxy.close);
  return proxy;
}

async function open(url: string, more: { readonly proxy?: Secret; readonly caFile?: string }) {
  const gitea = await servers.gitea();
  const credentials = { scheme: "basic", username: gitea.user, token: new Secret(gitea.token) } as const;
  const tree = await openWorkTree({ url, base: "main", credentials, roots: [], ...more }, call);
  cleanups.push(() => tree.close());
  return tree;
}

async function repositoryUrl(): Promise<string> {
  return (await (await servers.gitea()).freshRepository()).cloneUrl;
}

describe.skipIf(missingServers("gitea"))("git through a proxy, to a real Gitea", () => {
  it("goes through the configured one, whatever the environment says of proxies", { timeout: 60_000 }, async () => {
    const url = await repositoryUrl();
    const proxy = await startedProxy();
    vi.stubEnv("no_proxy", "*");
    vi.stubEnv("http_proxy", "http://127.0.0.1:1");
    const tree = await open(url, { proxy: new Secret(`http://${proxy.host}`) });
    await tree.checkPush("kubeferry/main", call);
    expect(proxy.seen.filter((line) => line.includes("git-upload-pack")).length).toBeGreaterThan(0);
    expect(proxy.seen.some((line) => line.includes("git-receive-pack"))).toBe(true);
    expect(proxy.signed.length).toBeGreaterThan(0);
  });

  it("goes through the environment's, with its password, where none is configured", { timeout: 60_000 }, async () => {
    const url = await repositoryUrl();
    const proxy = await startedProxy(PASSWORD);
    for (const name of ["no_proxy", "NO_PROXY"]) vi.stubEnv(name, "");
    vi.stubEnv("http_proxy", `http://ada:${encodeURIComponent(PASSWORD)}@${proxy.host}`);
    await open(url, {});
    expect(proxy.seen.length).toBeGreaterThan(0);
  });

  it("signs in at the proxy with a password that an address must write differently", { timeout: 60_000 }, async () => {
    const url = await repositoryUrl();
    const proxy = await startedProxy(PASSWORD);
    await open(url, { proxy: new Secret(`http://ada:${encodeURIComponent(PASSWORD)}@${proxy.host}`) });
    expect(proxy.seen.length).toBeGreaterThan(0);
  });

  it("blames the proxy for wrong credentials, over HTTP and in a tunnel, and repeats no password", {
    timeout: 60_000,
  }, async () => {
    const { host } = await startedProxy(PASSWORD);
    const proxy = new Secret(`http://ada:wr0ng-p4ss@${host}`);
    for (const url of [await repositoryUrl(), "https://git.example.com/acme/fleet.git"]) {
      const error: Error = await open(url, { proxy }).then(
        () => new Error("no error"),
        (thrown: Error) => thrown,
      );
      expect(error, error.message).toMatchObject({
        kind: "denied",
        next: "check user and password in repository.proxy",
      });
      expect(error.message).toContain("the proxy wants other credentials");
      expect(error.message).not.toContain("wr0ng-p4ss");
    }
  });

  it("goes through a tunnel, without the token, to a server whose certificate is of an authority of one's own", {
    timeout: 60_000,
  }, async () => {
    const { cloneUrl } = await (await servers.gitea()).freshRepository();
    const front = await startTlsFront(temporaryFolder("tls"), new URL(cloneUrl));
    cleanups.push(front.close);
    const proxy = await startedProxy(PASSWORD);
    const url = `${front.url}${new URL(cloneUrl).pathname}`;
    const secret = new Secret(`http://ada:${encodeURIComponent(PASSWORD)}@${proxy.host}`);
    await expect(open(url, { proxy: secret })).rejects.toMatchObject({
      kind: "invalid",
      next: expect.stringContaining("repository.caFile"),
    });
    await open(url, { proxy: secret, caFile: front.caFile });
    expect(proxy.seen).toContain(`CONNECT ${new URL(front.url).host}`);
    expect(proxy.signed).toEqual([]);
  });

  it.each(["ftp://proxy:1", "proxy.example.com", "http://"])("refuses %j without repeating it", async (address) => {
    const opening = open("https://git.example.com/a/b.git", { proxy: new Secret(address) });
    await expect(opening).rejects.toMatchObject({ kind: "invalid", operation: "read repository.proxy" });
  });
});
