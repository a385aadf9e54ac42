import { type BackupReport, typeName } from "@kubeferry/model";
import { widgetDefinition } from "@kubeferry/test-fleet";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { openTestBackups, type TakenBackup, testCall } from "./testing/test-backups.ts";

const ROUNDS = 200;
/** One list after the other, so that much happens between the first and the last. */
const CUT = { backup: { consistency: "cut", mirror: false }, kubernetes: { concurrency: 1 } };

describe.skipIf(missingServers("kube-apiserver"))("a snapshot of one moment", () => {
  it("holds no torn pair, while a ConfigMap and a custom resource change in lockstep", {
    timeout: 180_000,
  }, async () => {
    const server = await servers.freshKubeApi();
    try {
      const pair = await freshPair(server);
      const backups = await openTestBackups({ kubeconfig: server.kubeconfig, ...CUT });
      const writing = pair.changeTogether(ROUNDS);
      const found: { report: BackupReport; configMap: number; widget: number }[] = [];
      while (found.length < 3 || !writing.done) found.push({ ...(await pair.valuesIn(await backups.run())) });
      await writing.finished;
      for (const { report, configMap, widget } of found) {
        expect(report.consistency).toMatchObject({ asked: "cut", held: true, exceptions: [] });
        // The ConfigMap is written first: at any one moment it is level with the other, or one ahead.
        expect([widget, widget + 1]).toContain(configMap);
      }
      expect(new Set(found.map(({ configMap }) => configMap)).size).toBeGreaterThan(1);
    } finally {
      await server.stop();
    }
  });

  it("falls back to a moment for each type once its revision is compacted, and says so", {
    timeout: 180_000,
  }, async () => {
    const server = await servers.freshKubeApi({ etcdCompactionInterval: "1s" });
    try {
      const pair = await freshPair(server);
      // The reader sleeps between the reading of the revision and the first list until that revision is gone.
      const backups = await openTestBackups({
        kubeconfig: server.kubeconfig,
        ...CUT,
        around: (kube) => ({
          ...kube,
          list: (type, request, call) => {
            const listing = kube.list(type, request, call);
            const objects = async function* () {
              if (request.revision !== undefined) await pair.compacted(request.revision);
              yield* listing;
            };
            return { [Symbol.asyncIterator]: objects, end: () => listing.end() };
          },
        }),
      });
      const { report, snapshot } = await backups.run();
      const { consistency } = report;
      expect(consistency).toMatchObject({ asked: "cut", held: false, revision: expect.stringMatching(/^\d+$/) });
      const reasons = new Map(consistency.exceptions.map(({ resource, reason }) => [resource, reason]));
      const expired = `it could not be listed at revision ${consistency.revision}: expired`;
      expect(reasons.get("configmaps")).toBe(expired);
      for (const type of snapshot.manifest.types) {
        if (type.captured.status !== "read") continue;
        // The server may have a type of that moment in its memory still.
        const isApart = type.captured.revision !== consistency.revision;
        expect([typeName(type), reasons.has(typeName(type))]).toEqual([typeName(type), isApart]);
      }
      expect(report.status).toBe("complete");
      expect(snapshot.manifest.consistency).toEqual(consistency);
    } finally {
      await server.stop();
    }
  });
});

async function freshPair(server: FreshKubeApi) {
  const namespace = await server.freshNamespace("pair");
  await server.apply(widgetDefinition());
  const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
  const widgets = `/apis/example.com/v1/namespaces/${namespace}/widgets`;
  const metadata = { name: "pair", namespace };
  await server.apply(
    { apiVersion: "v1", kind: "ConfigMap", metadata, data: { round: "0" } },
    { apiVersion: "example.com/v1", kind: "Widget", metadata, spec: { round: "0" } },
  );
  const merge = async (path: string, body: object) => {
    const answer = await server.request("PATCH", `${path}/pair`, body, {
      "content-type": "application/merge-patch+json",
    });
    if (answer.status !== 200) throw new Error(answer.body);
  };
  const write = async (rounds: number, state: { done: boolean }) => {
    for (let round = 1; round <= rounds; round++) {
      await merge(configMaps, { data: { round: String(round) } });
      await merge(widgets, { spec: { round: String(round) } });
    }
    state.done = true;
  };
  return {
    changeTogether(rounds: number) {
      const state = { done: false };
      const finished = write(rounds, state);
      // A failed writer must not leave the readers waiting for it.
      finished.catch(() => {
        state.done = true;
      });
      return {
        finished,
        get done() {
          return state.done;
        },
      };
    },
    async valuesIn({ report, snapshot }: TakenBackup) {
      const rounds: Record<string, number> = {};
      const ofPair = ({ resource }: { resource: string }) => resource === "configmaps" || resource === "widgets";
      for await (const object of snapshot.objects(ofPair, testCall)) {
        if (object.key !== `${namespace}/pair` || !object.readable) continue;
        const { data, spec } = JSON.parse(object.line.toString("utf8"));
        rounds[object.type.resource] = Number((data ?? spec).round);
      }
      return { report, configMap: rounds.configmaps ?? Number.NaN, widget: rounds.widgets ?? Number.NaN };
    },
    async compacted(revision: string) {
      const path = `${configMaps}?limit=1&resourceVersion=${revision}&resourceVersionMatch=Exact`;
      while ((await server.request("GET", path)).status !== 410)
        await new Promise((resolve) => setTimeout(resolve, 250));
    },
  };
}
