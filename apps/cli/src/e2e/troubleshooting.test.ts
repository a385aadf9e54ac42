import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createCallSender } from "@kubeferry/announce";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { prefixed } from "@kubeferry/object-store";
import { acquireLease } from "@kubeferry/snapshot";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { type CliResult, kubeferry } from "../testing/cli.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, freshStores, s3Store, type TestStore, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "small", domain: "example.internal" };
const NOWHERE = "http://127.0.0.1:1";

describe("docs/troubleshooting.md", () => {
  let page: ReadonlyMap<string, string>;
  let replay: ReplayServer;
  let kubeconfig: string;
  beforeAll(async () => {
    page = sectionsOf(await readFile(new URL("../../../../docs/troubleshooting.md", import.meta.url), "utf8"));
    replay = await serveSnapshot(await smallCluster("before"), { port: 0 }, testCall);
    kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
  });
  afterAll(() => replay.close());

  describe.skipIf(missingServers("minio"))("has what is printed when", () => {
    it("nothing listens at the store's address", { timeout: 120_000 }, async () => {
      const store = { ...(await freshStores.MinIO()).section, endpoint: NOWHERE };
      const result = await backup(
        { store, retry: { attempts: 1 } },
        { MINIO_ACCESS_KEY: "nobody-knows", MINIO_SECRET_KEY: "nor-this-one" },
      );
      expectExplained(result, "the-store-does-not-answer", [
        "nothing listens at",
        "check store.endpoint, and that the server runs",
      ]);
      expect(result.stderr).toContain('"operation":"minio_connect"');
    });

    it.each([
      ["the server does not know the access key", { MINIO_ACCESS_KEY: "nobody" }],
      ["the secret key does not belong to the access key", { MINIO_SECRET_KEY: "0123456789abcdef" }],
    ])("%s", { timeout: 120_000 }, async (message, wrong) => {
      const { section, env } = await freshStores.MinIO();
      const result = await backup({ store: section }, { ...env, ...wrong });
      expectExplained(result, "the-store-refuses-the-keys", [message, "check store.accessKey and store.secretKey"]);
    });

    it("the keys may not do what is asked of them", { timeout: 120_000 }, async () => {
      const minio = await servers.minio();
      const Statement = [{ Effect: "Allow", Action: ["s3:GetBucketLocation"], Resource: ["arn:aws:s3:::*"] }];
      const { accessKey, secretKey } = await minio.freshUser({ Version: "2012-10-17", Statement });
      const { section } = await s3Store(minio);
      const result = await backup({ store: section }, { MINIO_ACCESS_KEY: accessKey, MINIO_SECRET_KEY: secretKey });
      expectExplained(result, "the-store-refuses-the-keys", ["the keys have no right to do this"]);
    });

    it("the bucket is missing", { timeout: 120_000 }, async () => {
      const { section, env } = await freshStores.MinIO();
      const result = await backup({ store: { ...section, bucket: "nobody-made-this-one" } }, env);
      expectExplained(result, "the-bucket-is-missing", [
        "is missing, or not visible with these keys; check store.bucket, or set store.autoCreateBucket: true",
      ]);
    });
  });

  describe("has what is printed when", () => {
    const S3 = { type: "s3", endpoint: NOWHERE, provider: "minio" };

    it.each([
      [
        "half a pair of keys is there",
        { accessKey: "x" },
        ["missing beside accessKey; write text, or set MINIO_SECRET_KEY"],
      ],
      [
        "a mounted key is not",
        { accessKey: "${file:/nowhere/access-key}", secretKey: "x" },
        ["cannot be read (ENOENT); check the path and its permissions"],
      ],
      [
        "a variable is not set",
        { accessKey: "${MINIO_ACCESS_KEY}", secretKey: "x" },
        ["environment variable MINIO_ACCESS_KEY is not set; set it, or write ${MINIO_ACCESS_KEY:-default}"],
      ],
      [
        "a file that is read again is not there",
        { accessKeyFile: "/nowhere/access-key", secretKeyFile: "/nowhere/secret-key" },
        ["s3: read keys from", "denied: it cannot be read; check store.accessKeyFile, store.secretKeyFile"],
      ],
    ])("%s", { timeout: 120_000 }, async (_, keys, messages) => {
      const result = await backup({ store: { ...S3, ...keys } });
      expectExplained(result, "a-key-is-missing-in-the-secret", messages);
    });

    it("the cluster is away, and when its context is another", { timeout: 120_000 }, async () => {
      const folder = await freshFolder();
      const away = join(folder, "away");
      await writeFile(
        away,
        (await readFile(kubeconfig, "utf8")).replace(/https:\/\/127\.0\.0\.1:\d+/g, "https://127.0.0.1:1"),
      );
      const { section } = await freshStores.folder();
      const gone = await backup({ store: section, kubernetes: { kubeconfig: away }, retry: { attempts: 1 } });
      expectExplained(gone, "the-cluster-does-not-answer", ["kube: ", "unavailable: "]);
      const other = await backup({ store: section, kubernetes: { kubeconfig, context: "east" } });
      expectExplained(other, "the-cluster-does-not-answer", ['it has no context "east"; its contexts are: ']);
    });

    it("a filter fits no type, and no namespace", { timeout: 120_000 }, async () => {
      const { section } = await freshStores.folder();
      const filter = { resources: { exclude: ["deploymants"] }, namespaces: { include: ["shopp"] } };
      const result = await backup({ store: section, backup: { filter } });
      expectExplained(result, "a-filter-fits-nothing", [
        "fits no type that the API server serves",
        "fits no namespace in which anything was seen",
      ]);
      expect(result.stderr).toContain('"operation":"resource_filter"');
    });

    it("another run of the series is at work", { timeout: 120_000 }, async () => {
      const store = await freshStores.folder();
      const root = await rootOf(store);
      const asked = {
        store: root,
        series: "default",
        runId: "another",
        work: "backup",
        now: () => new Date(),
      } as const;
      const lease = await acquireLease({ ...asked, ttlMs: 900 }, testCall);
      const result = await backup({ store: store.section });
      await lease.release({ failed: false }, testCall);
      expectExplained(result, "a-backup-does-not-end-or-another-one-is-at-work", ["busy: "]);
    });

    it("the receiver of stage 2 is away", async () => {
      const url = `${NOWHERE}/v1/backup-complete`;
      const sender = createCallSender({
        url,
        keys: [],
        timeoutMs: 1_000,
        attempts: 1,
        tls: {},
        network: { noProxy: [] },
      });
      const error = await sender.send({ id: "1" } as never, testCall).catch((thrown: unknown) => thrown);
      await sender.close();
      expectExplained({ stdout: "", stderr: String(error) }, "stage-2-does-not-follow", [
        "webhook: call",
        "unavailable: ",
      ]);
    });

    it("no backup is there", { timeout: 120_000 }, async () => {
      const { section } = await freshStores.folder();
      const list = async (args: readonly string[], cluster: object) => {
        const config = await writeConfig({ store: section, cluster });
        return kubeferry(["snapshots", "show", "--config", config, ...args]);
      };
      await backup({ store: section });
      expectExplained(await list(["--cluster", "east"], {}), "a-backup-is-not-found", [
        "there is no cluster called east in it",
      ]);
      expectExplained(await list([], { name: "east", domain: "company.com" }), "a-backup-is-not-found", [
        "company.com/east has no snapshot yet; run",
      ]);
    });
  });

  describe.skipIf(missingServers("kube-apiserver"))("has what is printed when", () => {
    it("a user may read nothing, or not all", { timeout: 120_000 }, async () => {
      const kube = await servers.kubeApi();
      const namespace = await kube.freshNamespace("trouble");
      const user = await kube.kubeconfigFor(namespace);
      const filter = {
        mode: "whitelist",
        resources: { include: ["secrets", "configmaps"] },
        namespaces: { include: [namespace] },
      };
      const sections = async () => ({
        store: (await freshStores.folder()).section,
        backup: { filter },
        kubernetes: { kubeconfig: user },
      });
      expectExplained(await backup(await sections()), "a-type-is-forbidden", [
        "kube: identify the cluster by namespace kube-system: forbidden: ",
        "the ClusterRole must allow get on namespaces; ask with: kubectl auth can-i get namespaces/kube-system",
      ]);
      await kube.apply(...rights(namespace, [{ apiGroups: [""], resources: ["namespaces"], verbs: ["get"] }]));
      await untilMay(namespace, "get", "namespaces");
      const nothing = await backup(await sections());
      expectExplained(nothing, "nothing-was-backed-up", ["types could be read, the first because: "]);
      const verbs = ["get", "list"];
      await kube.apply(...rights(namespace, [{ apiGroups: [""], resources: ["namespaces", "configmaps"], verbs }]));
      await untilMay(namespace, "list", "configmaps");
      const partial = await backup(await sections());
      expect(partial.code).toBe(1);
      expectExplained(partial, "a-type-is-forbidden", ["kube: list secrets", "forbidden: "]);
      expect(partial.stderr).toContain('"operation":"resource_list"');
    });

    it("a schedule is none", async () => {
      const kube = await servers.kubeApi();
      const template = { spec: { restartPolicy: "Never", containers: [{ name: "a", image: "a" }] } };
      const spec = { schedule: "every night", jobTemplate: { spec: { template } } };
      const answer = await kube.request("POST", "/apis/batch/v1/namespaces/default/cronjobs?dryRun=All", {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name: "a" },
        spec,
      });
      expectExplained({ stdout: answer.body, stderr: "" }, "the-cronjob-does-not-start", [
        "spec.schedule: Invalid value",
      ]);
    });
  });

  it("has a section for each place the doctor names", { timeout: 120_000 }, async () => {
    const { section } = await freshStores.folder();
    const config = await writeConfig({ store: section, kubernetes: { kubeconfig: "/nowhere" } });
    const { stdout } = await kubeferry(["doctor", "--config", config]);
    expect(stdout).toContain("see:  docs/troubleshooting.md#the-cluster-does-not-answer");
    const source = await readFile(new URL("../doctor/check.ts", import.meta.url), "utf8");
    const anchors = [...source.matchAll(/troubleshooting\.md#([a-z-]+)/g)].map(([, anchor]) => anchor ?? "");
    expect(anchors.length).toBeGreaterThan(4);
    for (const anchor of anchors) expect([...page.keys()]).toContain(anchor);
  });

  /** What a program prints is in the section with this anchor, word for word as far as it is constant. */
  function expectExplained(
    { stdout, stderr }: Pick<CliResult, "stdout" | "stderr">,
    anchor: string,
    messages: readonly string[],
  ) {
    for (const message of messages) {
      // Log lines are JSON.
      expect((stdout + stderr).replaceAll('\\"', '"')).toContain(message);
      expect(page.get(anchor) ?? `no section #${anchor}`).toContain(message);
    }
  }

  async function backup(sections: object, env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
    const config = await writeConfig({
      cluster: CLUSTER,
      kubernetes: { kubeconfig },
      log: { format: "json" },
      ...sections,
    });
    return kubeferry(["backup", "--config", config], { env });
  }

  async function rootOf(store: TestStore) {
    const whole = await openTestStore(store);
    await whole.prepare(testCall);
    return prefixed(whole, `${CLUSTER.domain}/${CLUSTER.name}/`);
  }

  /** New rights need a moment until the API server goes by them. */
  async function untilMay(user: string, verb: string, resource: string): Promise<void> {
    const kube = await servers.kubeApi();
    const path = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
    const spec = { user, resourceAttributes: { verb, resource } };
    const review = { apiVersion: "authorization.k8s.io/v1", kind: "SubjectAccessReview", spec };
    const allowed = async () => JSON.parse((await kube.request("POST", path, review)).body).status.allowed;
    await expect.poll(allowed, { timeout: 60_000, interval: 50 }).toBe(true);
  }
});

/** Anchor → text, quotes of more than one line as one. */
function sectionsOf(page: string): ReadonlyMap<string, string> {
  const sections = page.split(/^## /m).slice(1);
  return new Map(
    sections.map((section) => {
      const title = section.slice(0, section.indexOf("\n"));
      const anchor = title
        .toLowerCase()
        .replaceAll(/[^a-z0-9 -]/g, "")
        .replaceAll(" ", "-");
      return [anchor, section] as const;
    }),
  );
}

function rights(name: string, rules: readonly object[]): object[] {
  const rbac = { apiVersion: "rbac.authorization.k8s.io/v1", metadata: { name } };
  const subjects = [{ kind: "User", name, apiGroup: "rbac.authorization.k8s.io" }];
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name };
  return [
    { ...rbac, kind: "ClusterRole", rules },
    { ...rbac, kind: "ClusterRoleBinding", roleRef, subjects },
  ];
}
