import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type ReplayServer, serveSnapshot } from "@kubeferry/kube-replay";
import { typeName } from "@kubeferry/model";
import { openStore, prefixed } from "@kubeferry/object-store";
import { openSeries, type Snapshot } from "@kubeferry/snapshot";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXAMPLE_CLUSTER, exampleSnapshot } from "../demo/example-snapshot.ts";
import { testCall } from "../testing/call.ts";
import { kubeferry } from "../testing/cli.ts";
import { readableObjects } from "../testing/readable-objects.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const run = promisify(execFile);

describe("a replayed snapshot", () => {
  let original: Snapshot;
  let replay: ReplayServer;
  let kubeconfig: string;

  beforeAll(async () => {
    original = await exampleSnapshot(testCall);
    replay = await serveSnapshot(original, { port: 0, access: "anyone" }, testCall);
    kubeconfig = join(await freshFolder(), "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig);
  });
  afterAll(() => replay.close());

  it("gives, backed up again, the same bytes type by type, whatever the page size", async () => {
    const before = await digests(original);
    for (const pageSize of [500, 3]) {
      const path = join(await freshFolder(), "store");
      const config = await writeConfig({
        cluster: EXAMPLE_CLUSTER,
        kubernetes: { kubeconfig, pageSize },
        store: { type: "folder", path },
      });
      const result = await kubeferry(["backup", "--config", config]);
      expect(result.code, result.stderr).toBe(0);
      const store = await openStore({ type: "folder", path, prefix: "" });
      const root = prefixed(store, `${EXAMPLE_CLUSTER.domain}/${EXAMPLE_CLUSTER.name}/`);
      expect(await digests(await openSeries(root, "default").at(1, testCall))).toEqual(before);
    }
  });

  it.each([
    ["POST", "/api/v1/namespaces", 405],
    ["DELETE", "/api/v1/namespaces/shop", 405],
    ["PATCH", "/apis/apps/v1/namespaces/shop/deployments/web?dryRun=All", 405],
    ["GET", "/api/v1/pods?labelSelector=app%3D%3D%3Dweb", 400],
    ["GET", "/api/v1/pods?fieldSelector=spec.nodename%3Da", 400],
    ["GET", "/api/v1/pods?resourceVersion=7&resourceVersionMatch=Exact", 410],
    ["GET", "/api/v1/namespaces/shop/pods/web/log", 404],
    ["GET", "/api/v1/namespaces/nowhere", 404],
    ["GET", "/apis/nowhere.example.com/v1/things", 404],
    ["GET", "/api/v1/events", 403],
  ])("answers %s %s with a Status of code %i", async (method, path, code) => {
    const answer = await fetch(`${replay.url}${path}`, { method });
    expect(answer.status).toBe(code);
    expect(await answer.json()).toMatchObject({ kind: "Status", status: "Failure", code });
  });

  describe.skipIf(missingServers("kubectl"))("read by the real kubectl", () => {
    it("lists deployments of all namespaces", async () => {
      const stdout = await kubectl("get", "deployments", "-A");
      for (const name of ["web", "catalogue", "api"])
        expect(stdout).toMatch(new RegExp(`^(shop|payments)\\s+${name}\\s`, "m"));
    });

    it("lists objects of a custom type by its short name, and prints one as YAML", async () => {
      expect(await kubectl("get", "promo", "-n", "shop")).toMatch(/^spring-reading\s/m);
      expect(
        await kubectl("get", "promotions.shop.example.internal", "students", "-n", "shop", "-o", "yaml"),
      ).toContain('code: "007"');
    });

    it("says that a name is not there", async () => {
      await expect(kubectl("get", "deployment", "nowhere", "-n", "shop")).rejects.toThrow(/NotFound/);
    });

    async function kubectl(...args: readonly string[]): Promise<string> {
      const home = await freshFolder();
      const { stdout } = await run(servers.binary("kubectl"), [
        "--kubeconfig",
        kubeconfig,
        "--cache-dir",
        home,
        ...args,
      ]);
      return stdout;
    }
  });
});

async function digests(snapshot: Snapshot): Promise<Record<string, string>> {
  const hashes = new Map<string, ReturnType<typeof createHash>>();
  for await (const { type, line } of readableObjects(snapshot)) {
    const hash = hashes.get(typeName(type)) ?? createHash("sha256");
    hashes.set(typeName(type), hash.update(line).update("\n"));
  }
  return Object.fromEntries([...hashes].map(([name, hash]) => [name, hash.digest("hex")]));
}
