import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { mirrorView } from "@kubeferry/backup";
import type { BackupReport, GitOpsReport } from "@kubeferry/model";
import { prefixed } from "@kubeferry/object-store";
import { openSeries, type TypeEntry, verifySnapshot } from "@kubeferry/snapshot";
import { widgetDefinition } from "@kubeferry/test-fleet";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { gitAs } from "../testing/gitea-git.ts";
import { ordinaryMirror } from "../testing/mirror-settings.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { freshFolder, freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

const run = promisify(execFile);
const CLUSTER = { name: "gaps", domain: "example.internal" };
const BRANCH = "kubeferry/main";
const API_SERVICE = "/apis/apiregistration.k8s.io/v1/apiservices/v1.example.com";

describe.skipIf(missingServers("kube-apiserver", "minio", "gitea"))("what a run could not or should not read", () => {
  let kube: FreshKubeApi;
  let user: string;
  let namespace: string;
  let store: TestStore;
  let cloneUrl: string;

  beforeAll(async () => {
    kube = await servers.freshKubeApi();
    user = await kube.kubeconfigFor("collector");
    await kube.apply(READ_EVERYTHING, binding("read-everything"), widgetDefinition());
  });
  afterAll(() => kube.stop());

  beforeEach(async () => {
    namespace = await kube.freshNamespace("gaps");
    await kube.apply(configMap("kept"), configMap("deleted"), widget("blue"), widget("red"));
  });

  it("says on the first run already which API group does not answer", async () => {
    await handToDeadServer();
    try {
      const fresh = await freshStores.folder();
      const config = await writeConfig({
        cluster: CLUSTER,
        kubernetes: { kubeconfig: user },
        store: fresh.section,
        backup: { mirror: false },
      });
      const result = await kubeferry(["backup", "--config", config, "--output", "json"]);
      expect(result.code, result.stderr).toBe(1);
      const { status, failures } = jsonOf<BackupReport>(result);
      expect(status).toBe("partial");
      expect(failures).toMatchObject([{ target: "API group example.com/v1", kind: "unavailable" }]);
    } finally {
      await bringBackServer();
    }
  });

  describe("after a run that read everything", () => {
    beforeEach(async () => {
      store = await freshStores.MinIO();
      cloneUrl = (await (await servers.gitea()).freshRepository()).cloneUrl;
      await runBoth({}, 0);
      await merge();
    });

    it("keeps the objects of a type that is forbidden now, in the snapshot, the mirror and Git", async () => {
      await kube.apply({
        ...READ_EVERYTHING,
        rules: [{ apiGroups: ["", "apps"], resources: ["*"], verbs: ["get", "list"] }],
      });
      try {
        await remove(`/api/v1/namespaces/${namespace}/configmaps/deleted`);
        const { backup, gitops } = await runBoth({}, 1);
        expect(backup.status).toBe("partial");
        const unread = backup.unread.find(({ resource }) => resource === "widgets.example.com");
        expect(unread).toMatchObject({ carried: expect.any(Number), sinceSequence: 2 });
        expect(unread?.carried).toBeGreaterThanOrEqual(2);
        expect(unread?.reason).toContain("forbidden");
        expect((await widgetsIn(2)).captured.status).toBe("unread");
        await expectOnlyTheDeletedOneGone(gitops);
      } finally {
        await kube.apply(READ_EVERYTHING);
      }
    });

    it("keeps the objects of an API group whose server does not answer", async () => {
      await handToDeadServer();
      try {
        await remove(`/api/v1/namespaces/${namespace}/configmaps/deleted`);
        const { backup, gitops } = await runBoth({}, 1);
        expect(backup.unread.map(({ resource }) => resource)).toEqual(["widgets.example.com"]);
        expect((await widgetsIn(2)).captured).toMatchObject({ status: "unread", sinceSequence: 2 });
        await expectOnlyTheDeletedOneGone(gitops);
      } finally {
        await bringBackServer();
      }
    });

    it("keeps the objects of a type whose definition is there while nobody serves it", async () => {
      await serveWidgets(false);
      try {
        await expect.poll(() => widgetsStatus(), { timeout: 60_000 }).toBe(404);
        await remove(`/api/v1/namespaces/${namespace}/configmaps/deleted`);
        const { backup, gitops } = await runBoth({}, 1);
        expect(backup.unread).toEqual([expect.objectContaining({ resource: "widgets.example.com", sinceSequence: 2 })]);
        await expectOnlyTheDeletedOneGone(gitops);
      } finally {
        await serveWidgets(true);
        await expect.poll(() => widgetsStatus(), { timeout: 60_000 }).toBe(200);
      }
    });

    it("keeps the objects of a type that is filtered out now", async () => {
      await remove(`/api/v1/namespaces/${namespace}/configmaps/deleted`);
      const { backup, gitops } = await runBoth({ filter: { resources: { exclude: ["widgets.example.com"] } } }, 0);
      expect(backup.skipped).toContainEqual(expect.objectContaining({ resource: "widgets.example.com" }));
      expect((await widgetsIn(2)).captured).toMatchObject({ status: "filtered", sinceSequence: 2 });
      await expectOnlyTheDeletedOneGone(gitops);
    });
  });

  async function expectOnlyTheDeletedOneGone(gitops: GitOpsReport): Promise<void> {
    const { mirror, git } = await whatIsLeft();
    expect(mirror).toEqual(["configmaps/kept.yaml", "widgets.example.com/blue.yaml", "widgets.example.com/red.yaml"]);
    expect(git.filter((path) => path.includes("widget"))).toHaveLength(2);
    expect(git.filter((path) => path.includes("kept"))).toHaveLength(1);
    expect(git.filter((path) => path.includes("deleted"))).toHaveLength(0);
    expect(gitops.files.removed).toBe(1);
    const snapshot = await (await series()).newest(testCall);
    if (snapshot === undefined) throw new Error("no snapshot");
    const root = prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`);
    expect((await verifySnapshot(snapshot, root, testCall, { mirror: mirrorView(ordinaryMirror) })).problems).toEqual(
      [],
    );
  }

  async function whatIsLeft(): Promise<{ mirror: string[]; git: string[] }> {
    const root = `${CLUSTER.domain}/${CLUSTER.name}/${namespace}/`;
    const mirror: string[] = [];
    for await (const entry of (await openTestStore(store)).list(root, {}, testCall)) {
      if (entry.type === "object") mirror.push(entry.object.key.slice(root.length));
    }
    const { stdout } = await run("git", [
      "-C",
      await checkout(),
      "ls-tree",
      "-r",
      "--name-only",
      "HEAD",
      `namespaces/${namespace}/base`,
    ]);
    return { mirror, git: stdout.split("\n").filter((path) => path !== "") };
  }

  async function runBoth(backup: object, code: number): Promise<{ backup: BackupReport; gitops: GitOpsReport }> {
    const gitea = await servers.gitea();
    const config = await writeConfig({
      cluster: CLUSTER,
      kubernetes: { kubeconfig: user },
      store: store.section,
      backup,
      gitops: {
        namespaces: [namespace],
        maxRemovals: { files: 10, percent: 100 },
        repository: { url: cloneUrl, token: "${GIT_TOKEN}", branch: BRANCH },
      },
    });
    const env = { ...store.env, GIT_TOKEN: gitea.token };
    const result = await kubeferry(["run", "--config", config, "--output", "json"], { env });
    expect(result.code, result.stderr).toBe(code);
    return jsonOf(result);
  }

  async function series(): Promise<ReturnType<typeof openSeries>> {
    return openSeries(prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`), "default");
  }

  async function widgetsIn(sequence: number): Promise<TypeEntry> {
    const { manifest } = await (await series()).at(sequence, testCall);
    const entry = manifest.types.find(({ resource }) => resource === "widgets");
    if (entry === undefined) throw new Error("widgets are not in the snapshot");
    return entry;
  }

  async function checkout(): Promise<string> {
    const folder = await freshFolder();
    await gitAs(await servers.gitea(), ["clone", "--quiet", "--branch", BRANCH, cloneUrl, folder]);
    return folder;
  }

  async function merge(): Promise<void> {
    const folder = await checkout();
    await gitAs(await servers.gitea(), ["-C", folder, "push", "--quiet", "origin", `${BRANCH}:main`]);
  }

  async function remove(path: string): Promise<void> {
    expect((await kube.request("DELETE", path)).status).toBe(200);
  }

  async function serveWidgets(served: boolean): Promise<void> {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.example.com";
    const patch = [{ op: "replace", path: "/spec/versions/0/served", value: served }];
    const answer = await kube.request("PATCH", path, patch, { "content-type": "application/json-patch+json" });
    expect(answer.status, answer.body).toBe(200);
  }

  async function widgetsStatus(): Promise<number> {
    return (await kube.request("GET", "/apis/example.com/v1/widgets")).status;
  }

  /** Sends the group's requests to a service that does not exist; without the label the API server lets it be. */
  async function handToDeadServer(): Promise<void> {
    const service = JSON.parse((await kube.request("GET", API_SERVICE)).body) as ApiService;
    const { labels: _managed, ...metadata } = service.metadata;
    const spec = {
      ...service.spec,
      insecureSkipTLSVerify: true,
      service: { namespace: "kube-system", name: "gone", port: 443 },
    };
    const answer = await kube.request("PUT", API_SERVICE, { ...service, metadata, spec });
    expect(answer.status, answer.body).toBe(200);
    await expect.poll(() => widgetsStatus(), { timeout: 60_000 }).toBe(503);
  }

  /** Without the hand-made one, the API server registers its own again. */
  async function bringBackServer(): Promise<void> {
    await remove(API_SERVICE);
    await expect.poll(() => widgetsStatus(), { timeout: 60_000 }).toBe(200);
  }

  function configMap(name: string): object {
    return { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name }, data: { name } };
  }

  function widget(name: string): object {
    return { apiVersion: "example.com/v1", kind: "Widget", metadata: { namespace, name }, spec: { colour: name } };
  }
});

interface ApiService {
  readonly metadata: { readonly labels?: object };
  readonly spec: object;
}

const READ_EVERYTHING = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "read-everything" },
  rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["get", "list"] }],
};

function binding(role: string): object {
  return {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: `collector-${role}` },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "collector" }],
  };
}
