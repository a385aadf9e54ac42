import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import type { KubeApi } from "../kube-api.ts";
import { startRelay } from "../testing/relay.ts";
import { openTestApi, temporaryFolder, writeTestKubeconfig } from "../testing/test-api.ts";
import { testCall } from "../testing/test-call.ts";
import { writePlugin } from "../testing/test-plugin.ts";

describe.skipIf(missingServers("kube-apiserver"))("connecting to a real API server", () => {
  it("works with a token, and with a client certificate", async () => {
    const server = await servers.kubeApi();
    const byToken = openTestApi({ kubeconfig: server.kubeconfig });
    expect(await whoAmI(byToken.api)).toMatchObject({ username: "admin" });
    const byCertificate = openTestApi({ kubeconfig: await server.kubeconfigFor("maria", ["team-a"]) });
    expect(await whoAmI(byCertificate.api)).toMatchObject({ username: "maria" });
    expect((await whoAmI(byCertificate.api)).groups).toContain("team-a");
  });

  it("passes on a whole impersonation: user, groups, uid and extra values", async () => {
    const server = await servers.kubeApi();
    const { api } = openTestApi({
      kubeconfig: writeTestKubeconfig(clusterOf(server), {
        token: server.adminToken,
        as: "zoë",
        "as-uid": "uid-7",
        "as-groups": ["team-a", "team-b"],
        "as-user-extra": { "example.com/scope": ["read", "write"] },
      }),
    });
    expect(await whoAmI(api)).toEqual({
      username: "zoë",
      uid: "uid-7",
      groups: ["team-a", "team-b", "system:authenticated"],
      extra: { "example.com/scope": ["read", "write"] },
    });
  });

  it("reads a token file again when the server refuses the token, and not before", async () => {
    const server = await servers.kubeApi();
    const folder = temporaryFolder();
    writeFileSync(join(folder, "token"), `${server.adminToken}\n`);
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig(clusterOf(server), { tokenFile: "token" }, folder) });
    expect(await whoAmI(api)).toMatchObject({ username: "admin" });
    writeFileSync(join(folder, "token"), "not this one");
    expect(await whoAmI(api)).toMatchObject({ username: "admin" });

    const late = openTestApi({ kubeconfig: writeTestKubeconfig(clusterOf(server), { tokenFile: "token" }, folder) });
    const refused = whoAmI(late.api);
    await expect(refused).rejects.toMatchObject({ kind: "unauthorized" });
    writeFileSync(join(folder, "token"), server.adminToken);
    expect(await whoAmI(late.api)).toMatchObject({ username: "admin" });
  });

  it("says what to do when the token is wrong, without quoting it", async () => {
    const server = await servers.kubeApi();
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig(clusterOf(server), { token: "hunter2" }) });
    await expect(api.get("/api", testCall)).rejects.toThrow(
      "kube: get /api: unauthorized: the server answered 401 (Unauthorized: Unauthorized); log in again: the token or certificate is wrong or has ended",
    );
  });

  it("refuses a server whose certificate another authority signed, at once; one that is down is unavailable", async () => {
    const server = await servers.kubeApi();
    const other = await servers.freshKubeApi();
    const { api: down } = openTestApi({ kubeconfig: other.kubeconfig });
    const cluster = { server: server.url, "certificate-authority": other.caFile };
    const { api, waits } = openTestApi({ kubeconfig: writeTestKubeconfig(cluster, { token: server.adminToken }) });
    await expect(api.get("/api", testCall)).rejects.toThrow(
      /^kube: get \/api: config: no safe connection to https:\S+ \([A-Z_]+\); check certificate-authority-data/,
    );
    expect(waits).toEqual([]);
    await other.stop();
    await expect(down.get("/api", testCall)).rejects.toThrow(
      /^kube: get \/api: unavailable: no whole answer from https:\S+ \(ECONNREFUSED\); check that the API server runs/,
    );
  });

  it("checks the name that tls-server-name gives", async () => {
    const server = await servers.kubeApi();
    const named = (name: string) => {
      const cluster = { ...clusterOf(server), "tls-server-name": name };
      return openTestApi({ kubeconfig: writeTestKubeconfig(cluster, { token: server.adminToken }) }).api;
    };
    expect(await whoAmI(named("localhost"))).toMatchObject({ username: "admin" });
    await expect(whoAmI(named("elsewhere"))).rejects.toMatchObject({ kind: "config" });
  });

  it("goes through the proxy that proxy-url names", async () => {
    const server = await servers.kubeApi();
    const relay = await startRelay(server.url);
    const cluster = { ...clusterOf(server), "proxy-url": relay.url.replace("https:", "http:") };
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig(cluster, { token: server.adminToken }) });
    expect(await whoAmI(api)).toMatchObject({ username: "admin" });
    expect(relay.tunnels).toEqual([new URL(server.url).host]);
  });

  it("makes a new connection when the client certificate has been renewed", async () => {
    const server = await servers.kubeApi();
    const relay = await startRelay(server.url);
    const folder = temporaryFolder();
    const renew = async (user: string) => {
      const config = readFileSync(await server.kubeconfigFor(user), "utf8");
      for (const file of ["certificate", "key"]) {
        const data = new RegExp(`client-${file}-data: (\\S+)`).exec(config)?.[1] ?? "";
        writeFileSync(join(folder, file), Buffer.from(data, "base64"));
      }
    };
    await renew("before");
    const user = { "client-certificate": "certificate", "client-key": "key" };
    const clock = { now: 0 };
    const { api } = openTestApi(
      { kubeconfig: writeTestKubeconfig(relay.cluster(server.caFile), user, folder) },
      {},
      clock,
    );
    expect(await whoAmI(api)).toMatchObject({ username: "before" });
    await renew("after");
    expect(await whoAmI(api)).toMatchObject({ username: "before" });
    clock.now += 30_000;
    expect(await whoAmI(api)).toMatchObject({ username: "after" });
    expect(relay.connections).toBe(2);
  });
});

describe.skipIf(missingServers("kube-apiserver"))("an exec plugin", () => {
  it("is run once for sixteen requests at once, and its token is used until it ends", async () => {
    const server = await servers.kubeApi();
    const plugin = writePlugin({ token: server.adminToken });
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig(clusterOf(server), plugin.user, plugin.folder) });
    const answers = await Promise.all(Array.from({ length: 16 }, () => whoAmI(api)));
    expect(new Set(answers.map(({ username }) => username))).toEqual(new Set(["admin"]));
    expect(plugin.calls()).toHaveLength(1);
    await whoAmI(api);
    expect(plugin.calls()).toHaveLength(1);
    expect(JSON.parse(plugin.calls()[0] ?? "")).toEqual({
      kind: "ExecCredential",
      apiVersion: "client.authentication.k8s.io/v1",
      spec: { interactive: false, cluster: { server: server.url } },
    });
  });

  it("is run once more, for all, when the server refuses its token", async () => {
    const server = await servers.kubeApi();
    const plugin = writePlugin({ token: "ended" }, { token: server.adminToken });
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig(clusterOf(server), plugin.user, plugin.folder) });
    const answers = await Promise.all(Array.from({ length: 16 }, () => whoAmI(api)));
    expect(new Set(answers.map(({ username }) => username))).toEqual(new Set(["admin"]));
    expect(plugin.calls()).toHaveLength(2);
  });

  it("may give a client certificate", async () => {
    const server = await servers.kubeApi();
    const config = readFileSync(await server.kubeconfigFor("plugged"), "utf8");
    const pem = (key: string) => Buffer.from(new RegExp(`${key}: (\\S+)`).exec(config)?.[1] ?? "", "base64").toString();
    const plugin = writePlugin({
      clientCertificateData: pem("client-certificate-data"),
      clientKeyData: pem("client-key-data"),
    });
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig(clusterOf(server), plugin.user, plugin.folder) });
    expect(await whoAmI(api)).toMatchObject({ username: "plugged" });
  });

  it.each([
    ["fails", "console.error('run aws sso login'); process.exit(1)", "it failed: run aws sso login"],
    ["prints no JSON", "console.log('{token: hunter2')", "it printed no ExecCredential"],
    ["prints other JSON", "console.log('{}')", "it printed no ExecCredential"],
  ])("that %s is told with its name, and what it printed is not", async (_, script, problem) => {
    const server = await servers.kubeApi();
    const user = {
      exec: { apiVersion: "client.authentication.k8s.io/v1", command: process.execPath, args: ["-e", script] },
    };
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig(clusterOf(server), user) });
    const error = await whoAmI(api).catch((caught: unknown) => caught as Error);
    expect((error as Error).message).toContain(`unauthorized: ${problem}; try it with: kubectl get --raw /version`);
    expect((error as Error).message).not.toContain("hunter2");
  });

  it("that is not installed is told with its hint", async () => {
    const server = await servers.kubeApi();
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "no-such-plugin",
      installHint: "get it at example.com",
    };
    const { api } = openTestApi({ kubeconfig: writeTestKubeconfig(clusterOf(server), { exec }) });
    await expect(whoAmI(api)).rejects.toThrow(
      'kube: log in through the exec plugin "no-such-plugin": unauthorized: the program is not there; try it with: kubectl get --raw /version; get it at example.com',
    );
  });
});

describe("a server that is no API server", () => {
  it("is unavailable when it hangs up", async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const { port } = server.address() as { port: number };
    const { api, waits } = openTestApi({ kubeconfig: writeTestKubeconfig({ server: `http://127.0.0.1:${port}` }, {}) });
    await expect(api.get("/api", testCall)).rejects.toMatchObject({ kind: "unavailable" });
    expect(waits).toEqual([500, 1_000]);
    server.close();
  });
});

interface UserInfo {
  readonly username: string;
  readonly groups?: readonly string[];
}

async function whoAmI(api: KubeApi): Promise<UserInfo> {
  const body = { kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" };
  const answer = await api.review("/apis/authentication.k8s.io/v1/selfsubjectreviews", body, testCall);
  return JSON.parse(answer.toString("utf8")).status.userInfo;
}

function clusterOf(server: { readonly url: string; readonly caFile: string }): object {
  return { server: server.url, "certificate-authority": server.caFile };
}
