import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RestorePlan } from "@kubeferry/recovery";
import { type KubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const PLANTED = "planted-in-a-secret";
const LIMIT = { timeout: 60_000 };

describe.skipIf(missingServers("kube-apiserver"))("kubeferry restore plan", () => {
  let server: KubeApi;
  let ns: string;
  let store: string;
  let config: string;

  /** A backup with a Deployment, a claim and a Secret in clear; then somebody scales, and rotates the Secret. */
  beforeAll(async () => {
    server = await servers.kubeApi();
    ns = await server.freshNamespace();
    store = await freshFolder();
    for (const object of [deployment(2), claim(), secret(PLANTED)]) await server.apply(object);
    config = await configWith("plain");
    expect(await kubeferry(["backup", "-f", config])).toMatchObject({ code: 0 });
    await server.apply(deployment(1));
    await server.apply(secret("rotated-since"));
  }, 120_000);

  function configWith(secrets: "plain" | "withhold", path = store): Promise<string> {
    return writeConfig({
      cluster: { name: "east", domain: "example.internal" },
      kubernetes: { kubeconfig: server.kubeconfig },
      store: { type: "folder", path },
      backup: {
        secrets,
        mirror: false,
        filter: {
          namespaces: { include: [ns] },
          resources: { include: ["deployments", "persistentvolumeclaims", "secrets", "namespaces"] },
          mode: "whitelist",
        },
      },
    });
  }

  const metadata = (name: string) => ({ name, namespace: ns });
  const deployment = (replicas: number) => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata("web"),
    spec: {
      replicas,
      selector: { matchLabels: { app: "web" } },
      template: {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ name: "web", image: "example.com/web:1" }] },
      },
    },
  });
  const claim = () => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata("data"),
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  });
  const secret = (password: string) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata("db"),
    stringData: { password },
  });
  const plan = (...more: string[]) => kubeferry(["restore", "plan", "-f", config, "-n", ns, ...more]);

  it("says up front how many of what, then field by field what changes, and writes the plan", LIMIT, async () => {
    const out = join(await freshFolder(), "plan.json");
    const shown = await plan("--conflicts", "update", "--out", out);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain("  2 update, 2 unchanged; what differs: update\n");
    expect(shown.stdout).toContain(`  ~ update deployments.apps ${ns}/web\n      /spec/replicas: 1 -> 2\n`);
    expect(shown.stdout).toContain(`  ~ update secrets ${ns}/db\n      /data/password: changed, value not shown\n`);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const written = await readFile(out, "utf8");
    const plans = JSON.parse(written) as RestorePlan;
    expect(plans.entries.map(({ action }) => action)).toEqual(["unchanged", "unchanged", "update", "update"]);
    for (const text of [shown.stdout, shown.stderr, written]) {
      for (const value of [PLANTED, "rotated-since"]) {
        expect(text).not.toContain(value);
        expect(text).not.toContain(Buffer.from(value).toString("base64"));
      }
    }
  });

  it(
    "into another namespace creates everything there, and says that a claim comes without its data",
    LIMIT,
    async () => {
      const result = await plan("--map-namespace", `${ns}=${ns}-again`, "--output", "json");
      const { entries, warnings } = jsonOf<RestorePlan>(result);
      expect(result.code).toBe(0);
      expect(
        entries.map(({ action, object, checked }) => `${action} ${object.namespace ?? object.name} ${checked}`),
      ).toEqual([`create ${ns}-again dry-run`, ...Array.from({ length: 3 }, () => `create ${ns}-again later`)]);
      expect(warnings).toContain("1 claim will be empty: PVC data is not in the backup");
    },
  );

  it("ends with 1 when a value is not in the backup", LIMIT, async () => {
    const path = await freshFolder();
    config = await configWith("withhold", path);
    expect(await kubeferry(["backup", "-f", config])).toMatchObject({ code: 0 });
    const result = await plan("--include-resources", "secrets");
    expect(result.code).toBe(1);
    expect(result.stdout).toContain(
      "1 Secret cannot be brought back: value not in this backup (backup.secrets: withhold)",
    );
    expect(result.stdout).toContain(
      `! blocked secrets ${ns}/db: value not in this backup; the one that is there stays`,
    );
    config = await configWith("plain");
  });

  it("ends with 2 and writes no plan where the snapshot is damaged", LIMIT, async () => {
    const segments = join(store, "example.internal/east/_snapshots/segments");
    const [name = ""] = (await readdir(segments)).sort();
    const path = join(segments, name);
    const bytes = await readFile(path);
    const folder = await freshFolder();
    await writeFile(path, Buffer.from(bytes.map((byte, index) => (index === 20 ? byte ^ 1 : byte))));
    const result = await plan("--out", join(folder, "plan.json"));
    await writeFile(path, bytes);
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain("restore: verify snapshot 1: damaged:");
    expect(await readdir(folder)).toEqual([]);
  });
});
