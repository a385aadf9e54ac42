import { createCleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import type { ObjectReader } from "@kubeferry/object-store";
import { openSeries, type Snapshot } from "@kubeferry/snapshot";
import { EVERYTHING } from "@kubeferry/test-fleet";
import { afterEach, describe, expect, it } from "vitest";
import { diffJson } from "../render/diff-json.ts";
import { diffMarkdown } from "../render/diff-markdown.ts";
import { diffCounts, diffNames } from "../render/diff-overview.ts";
import { diffText } from "../render/diff-text.ts";
import { diffUnified } from "../render/diff-unified.ts";
import type { MarkedLine } from "../render/marked-line.ts";
import type { RestoreFilter } from "../restore/restore-plan.ts";
import { createSelection } from "../select/selection.ts";
import type { Side, SideObject, SideType } from "../sides/side.ts";
import { snapshotSide } from "../sides/snapshot-side.ts";
import { freshKeys } from "../testing/protection.ts";
import { freshStore, quietCall, takeSnapshot } from "../testing/take-snapshot.ts";
import { type Diff, diffSides } from "./diff-sides.ts";

const cleaner = createCleaner();

function config(name: string, data: JsonObject, resourceVersion = "1"): JsonObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "shop", resourceVersion }, data };
}

function secret(name: string, data: JsonObject, resourceVersion = "1"): JsonObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name, namespace: "shop", resourceVersion }, data };
}

function deployment(replicas: number, resourceVersion: string, ready = 0): JsonObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "shop", resourceVersion },
    spec: { replicas, template: { spec: { containers: [{ name: "web", image: "web:1" }] } } },
    status: { readyReplicas: ready },
  };
}

const ROLE: JsonObject = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name: "view-shop", resourceVersion: "1" },
  rules: [],
};

async function twoSnapshots(
  before: readonly JsonObject[],
  after: readonly JsonObject[],
): Promise<[Snapshot, Snapshot]> {
  const store = await freshStore();
  return [await takeSnapshot(store, before), await takeSnapshot(store, after)];
}

interface Asked {
  readonly filter?: RestoreFilter;
  readonly texts?: boolean;
}

const made: Diff[] = [];

afterEach(async () => {
  await Promise.all(made.splice(0).map(({ differences }) => differences.close()));
});

async function compare(before: Side, after: Side, { filter = EVERYTHING, texts = false }: Asked = {}): Promise<Diff> {
  const diff = await diffSides({ before, after, selection: createSelection(filter), cleaner, texts }, quietCall);
  made.push(diff);
  return diff;
}

async function diffOf(before: readonly JsonObject[], after: readonly JsonObject[], asked: Asked = {}): Promise<Diff> {
  const [left, right] = await twoSnapshots(before, after);
  return compare(snapshotSide(left), snapshotSide(right), asked);
}

async function textOf(lines: AsyncIterable<MarkedLine>): Promise<string> {
  const texts: string[] = [];
  for await (const { text } of lines) texts.push(text);
  return texts.join("\n");
}

const BEFORE = [
  ROLE,
  config("app", { mode: "slow" }),
  config("old", {}),
  deployment(1, "1"),
  secret("db", { password: "YQ==" }),
];
const AFTER = [
  config("app", { mode: "fast" }, "2"),
  config("new", { a: "1" }),
  deployment(3, "2", 3),
  secret("db", { password: "Yg==" }, "2"),
];

describe("two snapshots of a cluster", () => {
  it("differ object by object, below namespace and type; status and versions do not count", async () => {
    const diff = await diffOf(BEFORE, AFTER);
    expect(await textOf(diffText(diff))).toBe(
      `- crc.testing/wrl62, snapshot 1 of 2026-11-20T06:00:05.000Z
+ crc.testing/wrl62, snapshot 2 of 2026-11-20T06:00:05.000Z
cluster
  clusterroles.rbac.authorization.k8s.io
    - view-shop
namespace shop
  configmaps
    ~ app
        /data/mode: "slow" → "fast"
    + new
    - old
  secrets
    ~ db
        /data/password: changed (hidden)
  deployments.apps
    ~ web
        /spec/replicas: 1 → 3
1 added, 2 removed, 3 changed`,
    );
  });

  it("are counted by namespace and type, or named one a line", async () => {
    const diff = await diffOf(BEFORE, AFTER);
    expect(await textOf(diffCounts(diff))).toBe(
      `NAMESPACE  TYPE                                    ADDED  REMOVED  CHANGED
(cluster)  clusterroles.rbac.authorization.k8s.io  +0     -1       ~0
shop       configmaps                              +1     -1       ~1
shop       secrets                                 +0     -0       ~1
shop       deployments.apps                        +0     -0       ~1
1 added, 2 removed, 3 changed`,
    );
    expect(await textOf(diffNames(diff))).toBe(
      `- clusterroles.rbac.authorization.k8s.io view-shop
~ configmaps shop/app
+ configmaps shop/new
- configmaps shop/old
~ secrets shop/db
~ deployments.apps shop/web`,
    );
  });

  it("are one JSON document", async () => {
    const pieces: string[] = [];
    for await (const piece of diffJson(await diffOf([config("app", { n: "1" })], [config("app", { n: "2" }, "2")])))
      pieces.push(piece);
    expect(JSON.parse(pieces.join(""))).toEqual({
      before: "crc.testing/wrl62, snapshot 1 of 2026-11-20T06:00:05.000Z",
      after: "crc.testing/wrl62, snapshot 2 of 2026-11-20T06:00:05.000Z",
      summary: { added: 0, removed: 0, changed: 1 },
      notCompared: [],
      leftOut: {},
      differences: [
        {
          apiVersion: "v1",
          kind: "ConfigMap",
          resource: "configmaps",
          namespace: "shop",
          name: "app",
          change: "changed",
          fields: [{ path: "/data/n", kind: "changed", before: "1", after: "2" }],
        },
      ],
    });
  });

  it("are one JSON document also when they do not differ", async () => {
    const pieces: string[] = [];
    for await (const piece of diffJson(await diffOf([], []))) pieces.push(piece);
    expect(JSON.parse(pieces.join(""))).toMatchObject({ summary: { added: 0 }, differences: [] });
  });

  it("are a unified diff of YAML in which no value of a Secret stands", async () => {
    const diff = await diffOf(
      [config("app", { mode: "slow", same: "1" }), secret("db", { password: "YQ==", user: "Yg==" })],
      [config("app", { mode: "fast", same: "1" }, "2"), secret("db", { password: "Yw==", user: "Yg==" }, "2")],
      { texts: true },
    );
    expect(await textOf(diffUnified(diff))).toBe(
      `diff shop/configmaps/app.yaml
--- a/shop/configmaps/app.yaml
+++ b/shop/configmaps/app.yaml
@@ -1,6 +1,6 @@
 apiVersion: v1
 data:
-  mode: slow
+  mode: fast
   same: "1"
 kind: ConfigMap
 metadata:
diff shop/secrets/db.yaml
--- a/shop/secrets/db.yaml
+++ b/shop/secrets/db.yaml
@@ -1,6 +1,6 @@
 apiVersion: v1
 data:
-  password: "(hidden, before)"
+  password: "(hidden, after)"
   user: "(hidden)"
 kind: Secret
 metadata:`,
    );
  });

  it("are Markdown in which a hostile name is no more than code", async () => {
    const name = "a`\n# owned|<b>";
    const diff = await diffOf([], [config(name, {})]);
    expect(await textOf(diffMarkdown(diff))).toContain("- added: `configmaps a'?# owned¦<b>`");
  });

  it("are compared as far as the filter goes", async () => {
    const only = (resource: string): RestoreFilter => ({
      ...EVERYTHING,
      resources: { include: [resource], exclude: [] },
    });
    const diff = await diffOf(BEFORE, AFTER, { filter: only("deployments.apps") });
    expect(await textOf(diffNames(diff))).toBe("~ deployments.apps shop/web");
    const labels = { ...EVERYTHING, labelSelector: "app=none" };
    expect((await diffOf(BEFORE, AFTER, { filter: labels })).report).toMatchObject({
      added: 0,
      removed: 0,
      changed: 0,
    });
  });

  it("do not differ by what the cluster or a controller makes by itself", async () => {
    const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "1", controller: true };
    const replicaSet: JsonObject = {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: { name: "web-5d4f", namespace: "shop", ownerReferences: [owner] },
    };
    const ca = config("kube-root-ca.crt", { "ca.crt": "x" });
    const { report } = await diffOf([], [replicaSet, ca]);
    expect(report).toMatchObject({ added: 0, leftOut: { "made by its controller": 1 } });
    expect(Object.values(report.leftOut)).toEqual([1, 1]);
  });

  it("say of an object that it was made again: as a difference where its content is another, counted where it is not", async () => {
    const made = (name: string, uid: string, data: JsonObject): JsonObject => ({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name, namespace: "shop", uid, resourceVersion: uid },
      data,
    });
    const diff = await diffOf(
      [made("a", "1", { mode: "slow" }), made("b", "2", {})],
      [made("a", "3", { mode: "fast" }), made("b", "4", {})],
    );
    expect((await textOf(diffText(diff))).split("\n").slice(4)).toEqual([
      "    ~ a (deleted and made again)",
      '        /data/mode: "slow" → "fast"',
      "0 added, 0 removed, 1 changed",
      "left out: 1 object: deleted and made again with the same content",
    ]);
  });
});

it("reads no segment that both snapshots name", async () => {
  const store = await freshStore();
  const many = Array.from({ length: 50 }, (_, index) => config(`app-${index}`, { n: String(index) }));
  await takeSnapshot(store, [...many, deployment(1, "1")]);
  await takeSnapshot(store, [...many, deployment(2, "2")]);
  const read: string[] = [];
  const watched: ObjectReader = {
    ...store,
    get: (key, ...rest) => {
      read.push(key);
      return store.get(key, ...rest);
    },
  };
  const series = openSeries(watched, "default");
  const [before, after] = [await series.at(1, quietCall), await series.at(2, quietCall)];
  read.length = 0;
  const { report } = await compare(snapshotSide(before), snapshotSide(after));
  expect(report).toMatchObject({ added: 0, removed: 0, changed: 1 });
  expect(read.filter((key) => key.includes("/segments/"))).toHaveLength(2);
});

describe("encrypted objects that nobody here can open", () => {
  async function sealed(before: readonly JsonObject[], after: readonly JsonObject[]): Promise<Diff> {
    const { writer, reader } = await freshKeys();
    const store = await freshStore();
    await takeSnapshot(store, before, { secrets: "encrypt", protection: writer });
    await takeSnapshot(store, after, { secrets: "encrypt", protection: writer });
    const series = openSeries(store, "default", reader);
    return compare(snapshotSide(await series.at(1, quietCall)), snapshotSide(await series.at(2, quietCall)));
  }

  it("are named, and said to be encrypted, when they moved", async () => {
    const diff = await sealed(
      [secret("db", { a: "YQ==" }), secret("same", { a: "YQ==" })],
      [secret("db", { a: "Yg==" }, "2"), secret("same", { a: "YQ==" }), secret("new", {})],
    );
    expect(await textOf(diffText(diff))).toContain(
      `  secrets
    ~ db (encrypted: in what it differs is not known)
    + new (encrypted: in what it differs is not known)
0 added`.replace("0 added", "1 added"),
    );
  });
});

describe("a side that does not know a type", () => {
  const type = { group: "", version: "v1", resource: "configmaps", kind: "ConfigMap", namespaced: true };

  function side(change: Partial<Side> & { readonly listed?: Partial<SideType> }): Side {
    const { listed, ...rest } = change;
    return {
      description: "other",
      clusterUid: undefined,
      types: listed === undefined ? [] : [{ ...type, knowsAbsent: () => true, ...listed }],
      unlisted: () => ({ because: "absent" }),
      objects: () => none(),
      schemas: async () => undefined,
      ...rest,
    };
  }

  async function* none(): AsyncIterable<SideObject> {
    // It holds nothing.
  }

  async function against(other: Side) {
    const snapshot = await takeSnapshot(await freshStore(), [config("app", {})]);
    const { report } = await compare(snapshotSide(snapshot), other);
    const { removed, notCompared } = report;
    return { removed, notCompared };
  }

  it("says that there is none of it: all of it is gone", async () => {
    expect(await against(side({}))).toEqual({ removed: 1, notCompared: [] });
  });

  it("could not read it: nothing is said to be gone", async () => {
    const unknown = { because: "unread", reason: "forbidden" } as const;
    const told = {
      removed: 0,
      notCompared: [{ resource: "configmaps", because: "unread", reason: "other: forbidden" }],
    };
    expect(await against(side({ listed: { unknown } }))).toEqual(told);
    expect(await against(side({ unlisted: () => unknown }))).toEqual(told);
  });

  it("looked at a part of it: what lies outside is not gone", async () => {
    const reason = "1 object outside of what was looked at: other";
    expect(await against(side({ listed: { knowsAbsent: () => false } }))).toEqual({
      removed: 0,
      notCompared: [{ resource: "configmaps", because: "left-out", reason }],
    });
  });

  it("serves it in another version, too: it is read in that of the other side", async () => {
    const asked: string[] = [];
    const other = side({
      listed: { version: "v2" },
      inVersion: (listed, version) => ({ ...listed, version }),
      objects: ({ version }) => {
        asked.push(version);
        return none();
      },
    });
    expect(await against(other)).toEqual({ removed: 1, notCompared: [] });
    const snapshot = await takeSnapshot(await freshStore(), [config("app", {})]);
    expect((await compare(other, snapshotSide(snapshot))).report).toMatchObject({ added: 1, notCompared: [] });
    expect(asked).toEqual(["v1", "v1"]);
  });

  it("serves it in another version: its fields are not compared", async () => {
    const reason = "one side has it as v1, the other as v2";
    expect(await against(side({ listed: { version: "v2" } }))).toEqual({
      removed: 0,
      notCompared: [{ resource: "configmaps", because: "unread", reason }],
    });
  });
});
