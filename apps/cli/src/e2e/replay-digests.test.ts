import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serveSnapshot } from "@kubeferry/kube-replay";
import { typeName } from "@kubeferry/model";
import { openStore, prefixed } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";
import { createProtection, openSeries, type Snapshot } from "@kubeferry/snapshot";
import { beforeAll, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { ageKeys } from "../testing/key-pairs.ts";
import { readableObjects } from "../testing/readable-objects.ts";
import { runTestBackup } from "../testing/run-backup.ts";
import { smallCluster } from "../testing/small-cluster.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const CLUSTER = { name: "small", domain: "example.test" };
let cluster: Snapshot;
let age: Awaited<ReturnType<typeof ageKeys>>;
beforeAll(async () => {
  cluster = await smallCluster("before", { secret: true });
  age = await ageKeys();
});

it.each(["plain", "withhold", "encrypt"] as const)(
  "a snapshot with secrets: %s, served and backed up again, gives the same bytes type by type",
  { timeout: 60_000 },
  async (secrets) => {
    const first = await backedUp(cluster, secrets);
    const again = await backedUp(first, secrets);
    const expected = await digests(first);
    expect(Object.keys(expected)).toContain("secrets");
    expect(await digests(again)).toEqual(expected);
    expect(again.manifest.secrets).toBe(first.manifest.secrets);
  },
);

/** Serves a snapshot as `browse` does, token and all, and takes a backup of that. */
async function backedUp(source: Snapshot, secrets: "plain" | "withhold" | "encrypt"): Promise<Snapshot> {
  const folder = await freshFolder();
  const replay = await serveSnapshot(source, { port: 0 }, testCall);
  try {
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, replay.kubeconfig, { mode: 0o600 });
    const path = join(folder, "store");
    const keys = secrets === "encrypt" ? { recipients: [age.recipient], identities: [age.identity] } : {};
    const file = await writeConfig({
      cluster: CLUSTER,
      kubernetes: { kubeconfig },
      store: { type: "folder", path },
      backup: { secrets },
      encryption: keys,
    });
    const report = await runTestBackup(file, {});
    expect(report.status).toBe("complete");
    const { config } = await loadConfig({ files: [file], env: {} });
    const store = prefixed(await openStore({ type: "folder", path, prefix: "" }), "example.test/small/");
    return await openSeries(store, "default", await createProtection(config)).at(1, testCall);
  } finally {
    await replay.close();
  }
}

async function digests(snapshot: Snapshot): Promise<Record<string, string>> {
  const lines = new Map<string, string[]>();
  for await (const { type, line } of readableObjects(snapshot)) {
    lines.set(typeName(type), [...(lines.get(typeName(type)) ?? []), line.toString("utf8")]);
  }
  const entries = [...lines].map(([name, each]) => [name, createHash("sha256").update(each.join("\n")).digest("hex")]);
  return Object.fromEntries(entries) as Record<string, string>;
}
