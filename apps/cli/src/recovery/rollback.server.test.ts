import { runGitOps } from "@kubeferry/gitops";
import type { GitOpsReport } from "@kubeferry/model";
import { type GitRollbackOptions, rollbackInGit } from "@kubeferry/recovery";
import {
  type ConfigSpec,
  configMap,
  createFleet,
  deployment,
  type Fleet,
  namespace,
  testCall,
} from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const CLUSTER = { domain: "crc.testing", name: "wrl62" };
const BEFORE = [
  namespace("shop"),
  deployment("shop/web", 2),
  configMap("shop/settings", { greeting: "hello" }),
  namespace("team"),
  configMap("team/notes", { day: "one" }),
];
const AFTER = [
  namespace("shop"),
  deployment("shop/web", 5),
  configMap("shop/settings", { greeting: "hello" }),
  configMap("shop/added"),
  namespace("team"),
  configMap("team/notes", { day: "two" }),
];
const ORDINARY = "kubeferry/main";
const ROLLBACK = "kubeferry/main-rollback-crc.testing-wrl62-1-of-shop";
const WEB = "namespaces/shop/base/deployment-web.yaml";
const ADDED = "namespaces/shop/base/configmap-added.yaml";
const NOTES = "namespaces/team/base/configmap-notes.yaml";
const SOURCE = { environments: { prod: {} } };
const DEPLOYED = { environments: { prod: { destination: { server: "https://prod.example.com" } } } };

let fleet: Fleet;

/** An ordinary run of stage 2. */
async function run(spec: ConfigSpec = { gitops: SOURCE }): Promise<GitOpsReport> {
  const config = await fleet.configure(spec);
  return runGitOps({ config, store: fleet.store, allowRemovals: false, runId: "run", toolVersion: "0.0.0" }, testCall);
}

async function rollback(asked: Partial<GitRollbackOptions> = {}, spec: ConfigSpec = { gitops: SOURCE }) {
  const config = await fleet.configure(spec);
  const only = { namespaces: ["shop"], clusterScoped: false };
  const options = { config, store: fleet.store, cluster: CLUSTER, sequence: 1, only, allowRemovals: false };
  return rollbackInGit({ ...options, runId: "rollback", toolVersion: "0.0.0", ...asked }, testCall);
}

/** A fleet whose Git holds what the second snapshot says. */
async function prepared(kind: "folder" | "gitea", gitops: object = SOURCE): Promise<Fleet> {
  fleet = await createFleet(kind);
  await fleet.snapshot(BEFORE);
  await fleet.snapshot(AFTER);
  await run({ gitops });
  await fleet.merge(ORDINARY);
  return fleet;
}

describe("Git taken back to an earlier snapshot", () => {
  let first: Fleet;
  beforeAll(async () => {
    first = await prepared("folder");
  }, 60_000);
  afterAll(() => first.close());
  beforeEach(async () => {
    fleet = await first.copy();
  });
  afterEach(() => fleet.close());

  it("holds in the namespace that was asked for what it held then, on a branch of its own", {
    timeout: 60_000,
  }, async () => {
    const { git } = await rollback();
    expect(git).toMatchObject({ status: "complete", branch: ROLLBACK, files: { removed: 1 } });
    const [now, then] = [await fleet.files("main"), await fleet.files(ROLLBACK)];
    expect(then[WEB]).toContain("replicas: 2");
    expect(then[ADDED]).toBeUndefined();
    expect(then[NOTES]).toBe(now[NOTES]);
    const outside = Object.keys(now).filter((path) => !path.startsWith("namespaces/shop/"));
    expect(outside.filter((path) => then[path] !== now[path])).toEqual([]);
  });

  it("is not undone by ordinary runs: before the merge they leave the branch alone, after it they wait for a backup", {
    timeout: 60_000,
  }, async () => {
    const { git } = await rollback();
    expect(await run()).toMatchObject({ commit: "", status: "complete" });
    expect(await fleet.tip(ROLLBACK)).toBe(git.commit);

    await fleet.merge(ROLLBACK);
    const waiting = await run();
    expect(waiting).toMatchObject({ commit: "", status: "complete", frozen: [] });
    expect(waiting.warnings.join("\n")).toContain(
      "namespaces/shop: environment prod was rolled back to snapshot 1 of crc.testing/wrl62; it is left as it is until there is a snapshot after number 2",
    );

    await fleet.snapshot(BEFORE.with(-1, configMap("team/notes", { day: "two" })));
    expect(await run()).toMatchObject({ commit: "", status: "complete", warnings: [] });
  });

  it("is proposed to be what the cluster holds, once a backup shows that it did not follow", {
    timeout: 60_000,
  }, async () => {
    await rollback();
    await fleet.merge(ROLLBACK);
    await fleet.snapshot(AFTER);
    expect(await run()).toMatchObject({ branch: ORDINARY, files: { written: 1 } });
    expect((await fleet.files(ORDINARY))[WEB]).toContain("replicas: 5");
  });

  it("has nothing to propose the second time", { timeout: 60_000 }, async () => {
    await rollback();
    await fleet.merge(ROLLBACK);
    const { git } = await rollback();
    expect(git).toMatchObject({ commit: "", files: { written: 0, changed: 0, removed: 0 } });
  });

  it("goes forward again to the newest, when that is asked for", { timeout: 60_000 }, async () => {
    await rollback();
    await fleet.merge(ROLLBACK);
    const { git } = await rollback({ sequence: 2 });
    expect((await fleet.files(git.branch))[WEB]).toContain("replicas: 5");
    await fleet.merge(git.branch);
    expect(await run()).toMatchObject({ commit: "", warnings: [] });
  });

  it("is refused above maxRemovals, unless removals are allowed", { timeout: 60_000 }, async () => {
    const spec = { gitops: { ...SOURCE, maxRemovals: { files: 0 } } };
    await expect(rollback({}, spec)).rejects.toThrow("1 of 10 generated files would be removed, 0 at most are allowed");
    expect(await fleet.tip(ROLLBACK)).toBe("");
    expect((await rollback({ allowRemovals: true }, spec)).git.files.removed).toBe(1);
  });

  it("leaves a folder alone that people edited, and says so", { timeout: 60_000 }, async () => {
    await fleet.edit("main", { [WEB]: "kind: Edited\n" });
    const { git } = await rollback();
    expect(git).toMatchObject({ status: "partial", commit: "", frozen: [{ folder: "namespaces/shop" }] });
  });

  it("is refused without a branch to propose on, for files of other tools, and for a cluster nothing is made from", {
    timeout: 60_000,
  }, async () => {
    const folder = { gitops: { ...SOURCE, mode: "directory", directory: "/nowhere" } };
    await expect(rollback({}, folder)).rejects.toThrow("files in a folder have no branch to propose on");
    const tree = { gitops: { ...SOURCE, source: { type: "tree" } } };
    await expect(rollback({}, tree)).rejects.toThrow("a tree of files has no earlier snapshots");
    const other = { cluster: { domain: "crc.testing", name: "other" } };
    await expect(rollback(other)).rejects.toThrow("no environment is made from this cluster");
  });
});

describe.skipIf(missingServers("gitea"))("the request of a rollback", () => {
  afterEach(() => fleet.close());

  it("says what it goes back to, what merging changes, and what ordinary runs do; no host merges it by itself", {
    timeout: 60_000,
  }, async () => {
    await prepared("gitea", DEPLOYED);
    await rollback({}, { gitops: { ...DEPLOYED, pullRequest: { autoMerge: "merge" } } });
    const [request] = (await fleet.api("GET", "/pulls?state=open")) as { title: string; body: string }[];
    expect(request?.title).toBe("kubeferry: rollback of crc.testing/wrl62 to snapshot 1: 0 new, 1 changed, 1 removed");
    expect(request?.body).toContain(
      "This takes `shop` back to snapshot 1 of `crc.testing/wrl62`, finished 2026-11-21T06:00:00",
    );
    expect(request?.body).toContain(
      "- `ConfigMap shop/added` is removed (`namespaces/shop/base/configmap-added.yaml`)",
    );
    expect(request?.body).toContain(
      "- `Deployment shop/web` changes (`namespaces/shop/base/deployment-web.yaml`)\n  - `/spec/replicas`: `5` → `2`",
    );
    expect(request?.body).toContain("syncing takes it back to that time");
    expect(request?.body).not.toContain("will merge");
  });
});
