import { Secret } from "@kubeferry/model";
import { type ObjectStore, openStore } from "@kubeferry/object-store";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { type PruneOptions, prune } from "../prune/prune.ts";
import { openSeries } from "../series.ts";
import { configMaps, object } from "../testing/cluster.ts";
import { interposed } from "../testing/interposed.ts";
import { freshSigningPair, signingAs } from "../testing/keys.ts";
import { takeSnapshot } from "../testing/runs.ts";
import { call } from "../testing/stores.ts";

const OVERTAKEN = "_snapshots/default/0000000002.json";
const NEXT = "_snapshots/default/0000000003.json";

describe.skipIf(missingServers("minio"))("on MinIO, a run whose key removes nothing", () => {
  it("says who has to remove what, where others committed twice and pruned while it stood still", {
    timeout: 60_000,
  }, async () => {
    const { own, limited } = await oneBucket();
    const protection = await signingAs(freshSigningPair());
    await takeSnapshot(limited, clusterIn(0), { protection });
    const state = { overtaken: false };
    const slow = interposed(limited, async ({ operation, key, phase }) => {
      if (operation !== "put" || phase !== "before" || key !== OVERTAKEN || state.overtaken) return;
      state.overtaken = true;
      for (const later of [2, 3]) await takeSnapshot(limited, clusterIn(later), { protection, runId: `run-${later}` });
      await prune(pruning(own), call);
    });
    await expect(takeSnapshot(slow, clusterIn(1), { protection })).rejects.toMatchObject({
      kind: "untrusted",
      security: "lease-conflict",
      message: `snapshot: commit ${OVERTAKEN}: untrusted: run run-3 committed first, and the store did not let this manifest be taken back (denied): ${NEXT} was built on another one; remove ${OVERTAKEN} with a key that may remove snapshots; until then readers that check signatures refuse ${NEXT}`,
    });
    // As it says: refused while it stands there, and nothing is lost.
    const series = openSeries(own, "default", protection);
    await expect(series.newest(call)).rejects.toMatchObject({ kind: "untrusted" });
    expect((await openSeries(own, "default").newest(call))?.manifest.runId).toBe("run-3");
    await own.delete(OVERTAKEN, call);
    expect((await series.newest(call))?.manifest.runId).toBe("run-3");
    expect((await takeSnapshot(limited, clusterIn(4), { protection })).manifest.sequence).toBe(4);
  });
});

/** A bucket as its owner has it, and as the key of a backup that neither mirrors nor prunes. */
async function oneBucket(): Promise<{ readonly own: ObjectStore; readonly limited: ObjectStore }> {
  const minio = await servers.minio();
  const bucket = await minio.freshBucket();
  const arn = `arn:aws:s3:::${bucket}`;
  const user = await minio.freshUser({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Action: ["s3:ListBucket"], Resource: [arn] },
      { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: [`${arn}/*`] },
    ],
  });
  const openAs = ({ accessKey, secretKey }: { readonly accessKey: string; readonly secretKey: string }) =>
    openStore({
      type: "s3",
      endpoint: minio.endpoint,
      region: minio.region,
      bucket,
      accessKey: new Secret(accessKey),
      secretKey: new Secret(secretKey),
      autoCreateBucket: false,
      retry: { attempts: 1, delayMs: 50 },
    });
  return { own: await openAs(minio), limited: await openAs(user) };
}

function clusterIn(state: number) {
  return [{ type: configMaps, objects: [object(configMaps, "shop/a", String(state + 1), { state })] }];
}

function pruning(store: ObjectStore): PruneOptions {
  const policy = { keepLast: 1 };
  return { store, series: "default", policy, gcGraceMs: 86_400_000, storeTime: new Date(), concurrency: 4 };
}
