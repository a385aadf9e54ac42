import { expect, it } from "vitest";
import { openSeries } from "../series.ts";
import { SnapshotError } from "../snapshot-error.ts";
import { configMaps, listed, object, viewOf } from "../testing/cluster.ts";
import { contentOf, DOCUMENTS, detailsOf } from "../testing/runs.ts";
import { call, describeOnStores } from "../testing/stores.ts";
import { createSnapshotWriter } from "./writer.ts";

const WRITERS = 16;
const ROUNDS = 50;

describeOnStores(["folder", "minio", "versitygw"], (fresh) => {
  it(`lets exactly one of ${WRITERS} writers commit a sequence, ${ROUNDS} times`, async () => {
    const store = fresh();
    const series = openSeries(store, "default");
    for (let round = 1; round <= ROUNDS; round++) {
      const parent = await series.newest(call);
      const writers = await Promise.all(
        Array.from({ length: WRITERS }, async (_, index) => {
          const options = { store, series: "default", parent, view: viewOf("view-1"), capture: "c", uploads: 1 };
          const writer = createSnapshotWriter(options);
          const objects = [object(configMaps, "shop/a", `${round}-${index}`)];
          await writer.addType(configMaps, listed(objects), () => ({ revision: "1", consistent: true }), call);
          await writer.setApi("api-1", async () => DOCUMENTS, call);
          return { writer, runId: `${round}-${index}` };
        }),
      );
      const results = await Promise.allSettled(
        writers.map(({ writer, runId }) => writer.commit(detailsOf({ runId }), call)),
      );
      const won = results.filter((result) => result.status === "fulfilled");
      const newest = await series.newest(call);
      expect(won.map((result) => result.value.manifest)).toEqual([newest?.manifest]);
      expect(newest?.manifest.sequence).toBe(round);
      const winner = newest?.manifest.runId ?? "";
      for (const result of results) {
        if (result.status === "fulfilled") continue;
        expect(result.reason).toBeInstanceOf(SnapshotError);
        expect(result.reason).toMatchObject({
          kind: "lost",
          message: expect.stringContaining(`run ${winner} committed first`),
        });
      }
      if (newest === undefined) throw new Error("nothing was committed");
      expect((await contentOf(newest))["configmaps shop/a"]).toContain(`"resourceVersion":"${winner}"`);
    }
  });
});
