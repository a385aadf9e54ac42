import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { Client } from "minio";
import { describe, expect, it } from "vitest";
import { missingServers, servers } from "./index.ts";

const run = promisify(execFile);

describe.skipIf(missingServers("kube-apiserver"))("a kube-apiserver for tests", () => {
  it("is one instance for the whole run", async () => {
    const [first, second] = await Promise.all([servers.kubeApi(), servers.kubeApi()]);
    expect(second.url).toBe(first.url);
  });

  it("applies objects in order, those of a type that was just defined included", async () => {
    const api = await servers.kubeApi();
    const namespace = await api.freshNamespace("apply");
    await api.apply(
      widgetType,
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace }, data: { n: "1" } },
      { apiVersion: "testbed.kubeferry.dev/v1", kind: "Widget", metadata: { name: "w", namespace }, spec: { size: 3 } },
      { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role", metadata: { name: "a:b", namespace }, rules: [] },
    );
    const widget = await api.request("GET", `/apis/testbed.kubeferry.dev/v1/namespaces/${namespace}/widgets/w`);
    expect(JSON.parse(widget.body)).toMatchObject({ kind: "Widget", spec: { size: 3 } });
    const role = await api.request("GET", `/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/roles/a:b`);
    expect(role.status).toBe(200);
  });

  it("creates an object that has only a generateName", async () => {
    const api = await servers.kubeApi();
    const namespace = await api.freshNamespace();
    await api.apply({ apiVersion: "v1", kind: "Secret", metadata: { generateName: "s-", namespace } });
    const { items } = JSON.parse((await api.request("GET", `/api/v1/namespaces/${namespace}/secrets`)).body);
    expect(items).toHaveLength(1);
  });

  it("says why the server refused an object", async () => {
    const api = await servers.kubeApi();
    const refused = api.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "No", namespace: "default" } });
    await expect(refused).rejects.toThrow(/apply ConfigMap No: refused: 422 .*lowercase RFC 1123/);
  });

  it.skipIf(missingServers("kubectl"))("makes users that may do nothing until RBAC allows it", async () => {
    const api = await servers.kubeApi();
    const namespace = await api.freshNamespace();
    const kubeconfig = await api.kubeconfigFor("jane:doe", ["readers"]);
    const kubectl = (...words: readonly string[]) =>
      run(servers.binary("kubectl"), ["--kubeconfig", kubeconfig, "--namespace", namespace, ...words]);
    expect((await kubectl("auth", "whoami", "-o", "jsonpath={.status.userInfo.username}")).stdout).toBe("jane:doe");
    await expect(kubectl("get", "pods")).rejects.toThrow(/User "jane:doe" cannot list resource "pods"/);
    await api.apply({
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "readers", namespace },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:aggregate-to-view" },
      subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: "readers" }],
    });
    await expect.poll(async () => (await kubectl("get", "pods", "-o", "name")).stdout, { timeout: 10_000 }).toBe("");
  });

  it("gives an instance of one's own that can be stopped", async () => {
    const shared = await servers.kubeApi();
    const own = await servers.freshKubeApi({ etcdCompactionInterval: "2s" });
    expect(own.url).not.toBe(shared.url);
    expect((await own.request("GET", "/readyz")).status).toBe(200);
    await own.stop();
    await expect(own.request("GET", "/readyz")).rejects.toThrow(/ECONNREFUSED|ECONNRESET|socket hang up/);
    expect((await shared.request("GET", "/readyz")).status).toBe(200);
  });
});

describe.skipIf(missingServers("kube-apiserver", "kube-controller-manager"))("a controller manager", () => {
  it("lets a deleted namespace disappear", async () => {
    const own = await servers.freshKubeApi({ controllers: true });
    const namespace = await own.freshNamespace();
    await own.apply({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "inside", namespace } });
    await own.request("DELETE", `/api/v1/namespaces/${namespace}`);
    const status = async () => (await own.request("GET", `/api/v1/namespaces/${namespace}`)).status;
    await expect.poll(status, { timeout: 30_000, interval: 200 }).toBe(404);
    await own.stop();
  });
});

describe.each(["minio", "versitygw"] as const)("an S3 server for tests: %s", (name) => {
  it.skipIf(missingServers(name))("makes buckets that exist and names that do not", async () => {
    const server = await servers[name]();
    const { Client } = await import("minio");
    const { hostname, port } = new URL(server.endpoint);
    const { accessKey, secretKey, region } = server;
    const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
    expect(await client.bucketExists(await server.freshBucket())).toBe(true);
    expect(await client.bucketExists(server.freshName())).toBe(false);
  });
});

describe.skipIf(missingServers("gitea"))("a Gitea for tests", () => {
  it("makes repositories with a README on main", async () => {
    const gitea = await servers.gitea();
    const { owner, name } = await gitea.freshRepository();
    const branches = await gitea.api("GET", `/repos/${owner}/${name}/branches`);
    expect(branches).toMatchObject({ status: 200, json: [{ name: "main" }] });
    expect((await gitea.api("GET", `/repos/${owner}/${name}/contents/README.md`)).status).toBe(200);
  });

  it("makes repositories with branches that are ahead of main, also for an organisation, and guards them as all others", async () => {
    const gitea = await servers.gitea();
    const organisation = `acme-${Date.now()}`;
    await gitea.api("POST", "/orgs", { username: organisation });
    const { owner, name, cloneUrl } = await gitea.freshRepository({ owner: organisation, branches: ["release/1"] });
    expect(cloneUrl).toBe(`${gitea.url}/${organisation}/${name}.git`);
    const ahead = await gitea.api("GET", `/repos/${owner}/${name}/compare/main...release%2F1`);
    expect(ahead).toMatchObject({ status: 200, json: { total_commits: 1 } });
    await gitea.api("POST", `/repos/${owner}/${name}/branch_protections`, { rule_name: "main", enable_push: false });
    const file = { content: Buffer.from("x").toString("base64"), branch: "main", message: "Add a file" };
    expect((await gitea.api("POST", `/repos/${owner}/${name}/contents/a.txt`, file)).status).toBe(403);
  });

  it("makes repositories without a commit", async () => {
    const gitea = await servers.gitea();
    const { owner, name } = await gitea.freshRepository({ empty: true });
    expect((await gitea.api("GET", `/repos/${owner}/${name}`)).json).toMatchObject({ empty: true });
  });

  it("processes what is pushed: a pull request of the branch can be opened", async () => {
    const gitea = await servers.gitea();
    const { owner, name } = await gitea.freshRepository();
    const file = { content: Buffer.from("x").toString("base64"), new_branch: "topic", message: "Add a file" };
    await gitea.api("POST", `/repos/${owner}/${name}/contents/a.txt`, file);
    const wanted = { head: "topic", base: "main", title: "A request" };
    expect((await gitea.api("POST", `/repos/${owner}/${name}/pulls`, wanted)).status).toBe(201);
  });
});

const widgetType = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.testbed.kubeferry.dev" },
  spec: {
    group: "testbed.kubeferry.dev",
    scope: "Namespaced",
    names: { plural: "widgets", singular: "widget", kind: "Widget" },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
      },
    ],
  },
};

describe.skipIf(missingServers("minio"))("a MinIO for tests", () => {
  it("has users whose rights end where their policy says, and who can be removed", { timeout: 60_000 }, async () => {
    const server = await servers.minio();
    const bucket = await server.freshBucket();
    const Action = ["s3:PutObject"];
    const Statement = [{ Effect: "Allow", Action, Resource: [`arn:aws:s3:::${bucket}/mine/*`] }];
    const user = await server.freshUser({ Version: "2012-10-17", Statement });
    const { hostname, port } = new URL(server.endpoint);
    const client = new Client({
      endPoint: hostname,
      port: Number(port),
      useSSL: false,
      region: server.region,
      ...user,
    });
    await client.putObject(bucket, "mine/key", "x");
    await expect(client.putObject(bucket, "other/key", "x")).rejects.toMatchObject({ code: "AccessDenied" });
    await server.removeUser(user.accessKey);
    await expect(client.putObject(bucket, "mine/key", "x")).rejects.toMatchObject({ code: "InvalidAccessKeyId" });
  });

  it("can be killed and comes back with what it had", { timeout: 60_000 }, async () => {
    const server = await servers.freshMinio({ kmsKey: "tests" });
    const bucket = await server.freshBucket();
    await server.kill();
    await expect(fetch(server.endpoint)).rejects.toThrow();
    await server.restart();
    const { accessKey, secretKey, region } = server;
    const { hostname, port } = new URL(server.endpoint);
    const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, accessKey, secretKey, region });
    expect(await client.bucketExists(bucket)).toBe(true);
    await server.stop();
  });
});
