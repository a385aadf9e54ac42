import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { createCleaner, equalJson, parseYaml } from "@kubeferry/clean";
import { gitView } from "@kubeferry/layout";
import { type BackupReport, type GitOpsReport, type JsonObject, parseJson, typeName } from "@kubeferry/model";
import { prefixed } from "@kubeferry/object-store";
import { openSeries, type Snapshot } from "@kubeferry/snapshot";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AWKWARD_TYPES, awkwardObjects, LONGEST_NAME, plantedSecret } from "../testing/awkward-objects.ts";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { gitAs } from "../testing/gitea-git.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { readableObjects } from "../testing/readable-objects.ts";
import { freshFolder, freshStores, type TestStore, writeConfig } from "../testing/workspace.ts";

const run = promisify(execFile);
const NAMESPACE = "awkward";
const CLUSTER = { name: "chain", domain: "example.internal" };

interface Chain {
  readonly store: TestStore;
  readonly snapshot: Snapshot;
  readonly backup: BackupReport;
  readonly gitops: GitOpsReport;
  readonly repository: { readonly owner: string; readonly name: string; readonly cloneUrl: string };
}

const reason = missingServers("kube-apiserver", "minio", "versitygw", "gitea", "kustomize");

describe.skipIf(reason)("real chain", () => {
  let kube: FreshKubeApi;

  beforeAll(async () => {
    kube = await servers.freshKubeApi();
    await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: NAMESPACE } }, ...AWKWARD_TYPES);
    for (const object of awkwardObjects(NAMESPACE)) await create(object);
    await create(plantedSecret(NAMESPACE, "planted-value-1234"));
  });

  afterAll(() => kube.stop());

  describe.each(Object.entries(freshStores))("on %s", (_name, freshStore) => {
    let chain: Chain;

    beforeAll(async () => {
      chain = await runChain(await freshStore());
    });

    it("captures every object byte for byte as GET returns it, in every type that is taken", async () => {
      expect(chain.backup).toMatchObject({ status: "complete", unread: [], failures: [] });
      let compared = 0;
      for await (const { type, key, line } of readableObjects(chain.snapshot)) {
        const answer = await kube.request("GET", pathOf(type, key));
        expect(answer.status, `${typeName(type)} ${key}`).toBe(200);
        expect(line.toString("utf8"), `${typeName(type)} ${key}`).toBe(answer.body.trimEnd());
        compared++;
      }
      expect(compared).toBe(chain.backup.objects);
      expect(compared).toBeGreaterThan(60);
    });

    it("keeps awkward names apart in the mirror, and puts each under a key that no file system misreads", async () => {
      const store = await openTestStore(chain.store);
      const keys: string[] = [];
      const root = `${CLUSTER.domain}/${CLUSTER.name}/${NAMESPACE}/`;
      for await (const entry of store.list(root, {}, testCall)) {
        if (entry.type === "object") keys.push(entry.object.key.slice(root.length));
      }
      expect(keys).toEqual(
        expect.arrayContaining(["configmaps/team.yaml", "configmaps/team-1.yaml", "configmaps/team.x.yaml"]),
      );
      expect(keys).toEqual(
        expect.arrayContaining(["widgets.example.com/blue.yaml", "widgets.other.example.org/blue.yaml"]),
      );
      expect(keys).toEqual(expect.arrayContaining(["roles/team.yaml", "roles/system%3Areader%3Aall.yaml"]));
      expect(keys.filter((key) => /^roles\/Team~[0-9a-f]{16}\.yaml$/.test(key))).toHaveLength(1);
      expect(keys.filter((key) => key.startsWith(`configmaps/${LONGEST_NAME.slice(0, 100)}`))).toHaveLength(1);
      expect(new Set(keys.map((key) => key.toLowerCase())).size).toBe(keys.length);
    });

    it("builds every overlay with kustomize to exactly the cleaned objects of the cluster", async () => {
      const expected = await expectedObjects(chain.snapshot);
      expect(expected.size).toBeGreaterThan(12);
      const checkout = await clone(chain);
      for (const environment of ["dev", "test", "preprod", "prod"]) {
        const folder = join(checkout, "namespaces", NAMESPACE, environment);
        const built = await build(folder);
        expect([...built.keys()].toSorted(), environment).toEqual([...expected.keys()].toSorted());
        for (const [id, object] of built) {
          expect(equalJson(object, expected.get(id) ?? null), `${environment}: ${id}`).toBe(true);
        }
      }
    });

    it("reports what Git cannot carry instead of changing it", () => {
      const blocked = chain.gitops.blocked.map(({ object }) => object).join("\n");
      expect(blocked).toContain("next-line");
      expect(blocked).toContain("planted");
    });

    it("opens one pull request that lists exactly the files of the commit", async () => {
      expect(chain.gitops.pullRequest).toMatchObject({ outcome: "created" });
      const gitea = await servers.gitea();
      const { owner, name } = chain.repository;
      const listed = await allPages(`/repos/${owner}/${name}/pulls/${chain.gitops.pullRequest?.number}/files`, gitea);
      const checkout = await clone(chain);
      const { stdout } = await run("git", ["-C", checkout, "diff", "--name-only", "-z", "origin/main...HEAD"]);
      const committed = stdout.split("\0").filter((path) => path !== "");
      expect(listed.toSorted()).toEqual(committed.toSorted());
      expect(listed.length).toBe(chain.gitops.files.written);
      expect(listed).toContain(`namespaces/${NAMESPACE}/prod/application.yaml`);
    });

    it("changes nothing when it runs again: no segment, no mirror file, no commit, the same request", async () => {
      const again = await bothStages(chain.store, chain.repository.cloneUrl);
      expect(again.backup).toMatchObject({
        changed: 0,
        removed: 0,
        segments: { written: 0 },
        mirror: { put: 0, deleted: 0 },
      });
      expect(again.gitops).toMatchObject({
        commit: "",
        files: { written: 0, changed: 0, removed: 0 },
        pullRequest: { outcome: "unchanged", number: chain.gitops.pullRequest?.number },
      });
    });
  });

  async function create(object: object | string): Promise<void> {
    const text = typeof object === "string" ? object : JSON.stringify(object);
    const { apiVersion, kind } = JSON.parse(text) as { apiVersion: string; kind: string };
    const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const answer = await kube.request("POST", `${root}/namespaces/${NAMESPACE}/${kind.toLowerCase()}s`, text);
    expect(answer.status, answer.body.slice(0, 300)).toBe(201);
  }

  async function bothStages(store: TestStore, url: string): Promise<{ backup: BackupReport; gitops: GitOpsReport }> {
    const gitea = await servers.gitea();
    const config = await writeConfig({
      cluster: CLUSTER,
      kubernetes: { kubeconfig: kube.kubeconfig },
      store: store.section,
      backup: { secrets: "plain" },
      gitops: {
        pullRequest: { split: "none" },
        namespaces: [NAMESPACE],
        environments: {
          dev: {},
          test: {},
          preprod: {},
          prod: { destination: { server: "https://kubernetes.default.svc" } },
        },
        repository: { url, platform: "gitea", token: "${GIT_TOKEN}" },
      },
    });
    const env = { ...store.env, GIT_TOKEN: gitea.token };
    const result = await kubeferry(["run", "--config", config, "--output", "json"], { env });
    const report = jsonOf<{ backup: BackupReport; gitops: GitOpsReport }>(result);
    expect(result.code, result.stderr).toBe(0);
    return report;
  }

  async function runChain(store: TestStore): Promise<Chain> {
    const repository = await (await servers.gitea()).freshRepository();
    const reports = await bothStages(store, repository.cloneUrl);
    const root = prefixed(await openTestStore(store), `${CLUSTER.domain}/${CLUSTER.name}/`);
    const snapshot = await openSeries(root, "default").at(1, testCall);
    return { ...reports, store, snapshot, repository };
  }

  async function clone(chain: Chain): Promise<string> {
    const gitea = await servers.gitea();
    const folder = join(await freshFolder(), "checkout");
    await gitAs(gitea, ["clone", "--quiet", "--branch", chain.gitops.branch, chain.repository.cloneUrl, folder]);
    return folder;
  }
});

function pathOf(type: { group: string; version: string; resource: string; namespaced: boolean }, key: string): string {
  const root = type.group === "" ? `/api/${type.version}` : `/apis/${type.group}/${type.version}`;
  if (!type.namespaced) return `${root}/${type.resource}/${encodeURIComponent(key)}`;
  const slash = key.indexOf("/");
  const [namespace, name] = [key.slice(0, slash), key.slice(slash + 1)];
  return `${root}/namespaces/${namespace}/${type.resource}/${encodeURIComponent(name)}`;
}

/** What Git is to hold of the namespace, said independently of the layout: the view of each object that is not left out. */
async function expectedObjects(snapshot: Snapshot): Promise<Map<string, JsonObject>> {
  const expected = new Map<string, JsonObject>();
  for await (const { type, key, line } of readableObjects(snapshot)) {
    const own = key.startsWith(`${NAMESPACE}/`) || (typeName(type) === "namespaces" && key === NAMESPACE);
    const left = ["secrets", "endpoints", "endpointslices.discovery.k8s.io", "events"].includes(typeName(type));
    if (!own || left || key.endsWith("/next-line") || key.endsWith("/kube-root-ca.crt") || key.endsWith("/default"))
      continue;
    const object = gitView(parseJson(line.toString("utf8")) as JsonObject, type, createCleaner());
    expected.set(idOf(object), object);
  }
  return expected;
}

async function build(folder: string): Promise<Map<string, JsonObject>> {
  const { stdout } = await run(servers.binary("kustomize"), ["build", folder], { maxBuffer: 64 * 1024 * 1024 });
  const objects = stdout.split(/^---\n/m).map((text) => parseYaml(text) as JsonObject);
  return new Map(objects.map((object) => [idOf(object), object]));
}

function idOf(object: JsonObject): string {
  const { name } = object.metadata as JsonObject;
  return `${String(object.apiVersion)} ${String(object.kind)} ${String(name)}`;
}

async function allPages(path: string, gitea: Awaited<ReturnType<typeof servers.gitea>>): Promise<string[]> {
  const names: string[] = [];
  for (let page = 1; ; page++) {
    const { json } = await gitea.api("GET", `${path}?limit=50&page=${page}`);
    const files = json as { filename: string }[];
    if (files.length === 0) return names;
    names.push(...files.map(({ filename }) => filename));
  }
}
