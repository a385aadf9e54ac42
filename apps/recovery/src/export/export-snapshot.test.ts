import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { openSeries, type Snapshot } from "@kubeferry/snapshot";
import { EVERYTHING } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import type { RestoreFilter } from "../restore/restore-plan.ts";
import { freshKeys } from "../testing/protection.ts";
import { freshStore, quietCall, takeSnapshot } from "../testing/take-snapshot.ts";
import { type ExportReport, exportSnapshot } from "./export-snapshot.ts";
import { openSink } from "./open-sink.ts";

const NAMESPACE = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop" } };
const CONFIG = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "web", namespace: "shop" },
  data: { motto: "yes" },
};
const PASSWORD = Buffer.from("correct horse battery").toString("base64");
const SECRET = {
  apiVersion: "v1",
  kind: "Secret",
  metadata: { name: "db", namespace: "shop" },
  data: { password: PASSWORD },
};
const DEFINITION = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
};
const WIDGET = { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "blue", namespace: "shop" } };

function freshPlace(name: string): string {
  return join(mkdtempSync(join(tmpdir(), "export-")), name);
}

async function snapshotOf(...objects: JsonObject[]): Promise<Snapshot> {
  return takeSnapshot(await freshStore(), objects);
}

async function exported(
  snapshot: Snapshot,
  to: string,
  secrets: "list" | "include" = "list",
  filter: RestoreFilter = EVERYTHING,
): Promise<ExportReport> {
  const sink = await openSink(to, new Date("2026-11-20T06:00:05Z"));
  try {
    const report = await exportSnapshot({ snapshot, cleaner: createCleaner(), filter, secrets }, sink, quietCall);
    await sink.finish();
    return report;
  } finally {
    await sink.discard();
  }
}

function filesIn(folder: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), "utf8")]));
}

describe("an export", () => {
  it("is one clean YAML file an object, laid out like the mirror, with a kustomization over them", async () => {
    const to = freshPlace("out");
    const report = await exported(await snapshotOf(NAMESPACE, CONFIG, DEFINITION, WIDGET), to);
    expect(report).toMatchObject({ objects: 4, definitions: 1, beside: [], secrets: [], failures: [] });
    const files = filesIn(to);
    expect(Object.keys(files)).toEqual([
      "_cluster/customresourcedefinitions/kustomization.yaml",
      "_cluster/customresourcedefinitions/widgets.example.com.yaml",
      "_cluster/namespaces/shop.yaml",
      "kustomization.yaml",
      "shop/configmaps/web.yaml",
      "shop/widgets.example.com/blue.yaml",
    ]);
    expect(files["shop/configmaps/web.yaml"]).toBe(
      'apiVersion: v1\ndata:\n  motto: "yes"\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: shop\n',
    );
    expect(files["kustomization.yaml"]).toBe(
      [
        "apiVersion: kustomize.config.k8s.io/v1beta1",
        "kind: Kustomization",
        "resources:",
        '- "_cluster/customresourcedefinitions"',
        '- "_cluster/namespaces/shop.yaml"',
        "- shop/configmaps/web.yaml",
        "- shop/widgets.example.com/blue.yaml",
        "sortOptions:",
        "  order: legacy",
        "",
      ].join("\n"),
    );
  });

  it("leaves out what every cluster has by itself, as a restore does", async () => {
    const to = freshPlace("out");
    const report = await exported(
      await snapshotOf(
        NAMESPACE,
        { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } },
        // Applied elsewhere it would replace the authorities that the other API server trusts.
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: { name: "extension-apiserver-authentication", namespace: "kube-system" },
          data: { "client-ca-file": "of this cluster" },
        },
        { apiVersion: "v1", kind: "Node", metadata: { name: "worker-1" } },
        {
          apiVersion: "rbac.authorization.k8s.io/v1",
          kind: "ClusterRole",
          metadata: { name: "view", labels: { "kubernetes.io/bootstrapping": "rbac-defaults" } },
        },
      ),
      to,
    );
    expect(Object.keys(filesIn(to))).toEqual(["_cluster/namespaces/shop.yaml", "kustomization.yaml"]);
    expect(report.leftOut).toEqual({
      "every cluster has this namespace": 1,
      "machines register themselves": 1,
      "the API server makes it when it starts": 1,
      "the API server writes it": 1,
    });
  });

  it("gives the same files and the same archive each time", async () => {
    const snapshot = await snapshotOf(NAMESPACE, CONFIG, DEFINITION, WIDGET, SECRET);
    const [first, second] = [freshPlace("one"), freshPlace("two")];
    await exported(snapshot, first);
    await exported(snapshot, second);
    expect(filesIn(second)).toEqual(filesIn(first));
    const archives = [freshPlace("one.tar.gz"), freshPlace("two.tar.gz")];
    for (const archive of archives) await exported(snapshot, archive);
    const [left, right] = archives.map((archive) => readFileSync(archive));
    expect(left?.equals(right ?? Buffer.alloc(0))).toBe(true);
  });

  it("as an archive unpacks to the same files, names of 253 characters included", async () => {
    const long = { ...CONFIG, metadata: { name: "n".repeat(253), namespace: "shop" } };
    const snapshot = await snapshotOf(CONFIG, long);
    const [folder, archive, unpacked] = [freshPlace("out"), freshPlace("out.tar"), freshPlace("unpacked")];
    await exported(snapshot, folder);
    await exported(snapshot, archive);
    mkdirSync(unpacked);
    execFileSync("tar", ["-xf", archive, "-C", unpacked]);
    expect(filesIn(unpacked)).toEqual(filesIn(folder));
    expect(statSync(archive).mode & 0o777).toBe(0o600);
  });

  it("of one namespace holds what is in it and the Namespace, and says what the filter did not find", async () => {
    const to = freshPlace("out");
    const elsewhere = { ...CONFIG, metadata: { name: "other", namespace: "team" } };
    const namespaces = { include: ["shop", "shpo"], exclude: [] };
    const snapshot = await snapshotOf(NAMESPACE, CONFIG, elsewhere, DEFINITION);
    const report = await exported(snapshot, to, "list", { ...EVERYTHING, namespaces, clusterScoped: false });
    expect(Object.keys(filesIn(to))).toEqual([
      "_cluster/namespaces/shop.yaml",
      "kustomization.yaml",
      "shop/configmaps/web.yaml",
    ]);
    expect(report.idle).toEqual(["--include-namespaces shpo fits no namespace that was looked at"]);
  });

  it("puts beside the kustomization what kustomize would change, and says so", async () => {
    const to = freshPlace("out");
    const odd = { ...CONFIG, data: { text: "next\u0085line" } };
    const report = await exported(await snapshotOf(NAMESPACE, odd), to);
    expect(report.beside).toMatchObject([{ object: "configmaps shop/web", reason: expect.stringContaining("U+0085") }]);
    expect(filesIn(to)["_beside/shop/configmaps/web.yaml"]).toContain("kind: ConfigMap");
    expect(filesIn(to)["kustomization.yaml"]).not.toContain("web");
  });
});

describe("Secrets in an export", () => {
  it("are named with their keys and not written, unless they are asked for", async () => {
    const snapshot = await snapshotOf(NAMESPACE, SECRET);
    const [listed, included] = [freshPlace("listed"), freshPlace("included")];
    const report = await exported(snapshot, listed);
    expect(report).toMatchObject({ secretsIncluded: 0, secrets: [{ object: "secrets shop/db", keys: ["password"] }] });
    expect(filesIn(listed)["secrets.todo.md"]).toContain("| `secrets shop/db` | `password` |");
    expect(JSON.stringify(filesIn(listed))).not.toContain(PASSWORD);
    expect(await exported(snapshot, included, "include")).toMatchObject({ secretsIncluded: 1, secrets: [] });
    expect(filesIn(included)["shop/secrets/db.yaml"]).toContain(PASSWORD);
    expect(statSync(join(included, "shop/secrets/db.yaml")).mode & 0o777).toBe(0o600);
  });

  it("whose values were withheld are never written, also when they are asked for", async () => {
    const annotations = { "kubeferry.io/withheld": "values" };
    const withheld = { ...SECRET, metadata: { ...SECRET.metadata, annotations }, data: { password: "" } };
    const to = freshPlace("out");
    const report = await exported(await snapshotOf(NAMESPACE, withheld), to, "include");
    expect(report.secrets).toMatchObject([{ object: "secrets shop/db", reason: "its values are not in this backup" }]);
    expect(filesIn(to)["shop/secrets/db.yaml"]).toBeUndefined();
  });

  it("that are encrypted need an identity as well", async () => {
    const { writer, reader } = await freshKeys();
    const store = await freshStore();
    const snapshot = await takeSnapshot(store, [NAMESPACE, SECRET], { secrets: "encrypt", protection: writer });
    const [opened, closed] = [freshPlace("opened"), freshPlace("closed")];
    expect(await exported(snapshot, opened, "include")).toMatchObject({ secretsIncluded: 1 });
    expect(filesIn(opened)["shop/secrets/db.yaml"]).toContain(PASSWORD);
    const unopened = await openSeries(store, "default", reader).at(1, quietCall);
    expect(await exported(unopened, closed, "include")).toMatchObject({
      secrets: [
        { object: "secrets shop/db", keys: undefined, reason: expect.stringContaining("no configured identity") },
      ],
    });
    expect(filesIn(closed)["secrets.todo.md"]).toContain("| `secrets shop/db` | encrypted |");
  });
});

describe("where an export goes", () => {
  it("is refused when something is there, which stays as it is", async () => {
    const [folder, archive] = [freshPlace("out"), freshPlace("out.tar")];
    mkdirSync(folder);
    writeFileSync(join(folder, "mine.txt"), "mine");
    writeFileSync(archive, "mine");
    const snapshot = await snapshotOf(CONFIG);
    await expect(exported(snapshot, folder)).rejects.toMatchObject({ kind: "config" });
    await expect(exported(snapshot, archive)).rejects.toMatchObject({ kind: "config" });
    expect(filesIn(folder)).toEqual({ "mine.txt": "mine" });
    expect(readFileSync(archive, "utf8")).toBe("mine");
  });

  it("may be an empty folder", async () => {
    const folder = freshPlace("out");
    mkdirSync(folder);
    await exported(await snapshotOf(CONFIG), folder);
    expect(Object.keys(filesIn(folder))).toEqual(["kustomization.yaml", "shop/configmaps/web.yaml"]);
  });

  it.each(["out", "out.tar.gz"])("holds nothing at all after a failure half-way (%s)", async (name) => {
    const to = freshPlace(name);
    const whole = await snapshotOf(NAMESPACE, CONFIG);
    async function* cut() {
      for await (const object of whole.objects(() => true, quietCall)) {
        yield object;
        throw new Error("the store is gone");
      }
    }
    await expect(exported({ ...whole, objects: cut }, to)).rejects.toThrow("the store is gone");
    expect(readdirSync(join(to, ".."))).toEqual([]);
  });

  it.each(["../outside.yaml", "/etc/passwd", "shop//x.yaml", "shop/./x.yaml", "a\\b.yaml"])(
    "takes no path that leads out of it: %s",
    async (path) => {
      for (const name of ["out", "out.tar"]) {
        const sink = await openSink(freshPlace(name), new Date(0));
        await expect(sink.put(path, Buffer.from("x"))).rejects.toMatchObject({ kind: "config" });
        await sink.discard();
      }
    },
  );
});
