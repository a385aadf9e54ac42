// How fast `restore apply` writes from a saved plan, against a bare loop of server-side applies at the same concurrency in
// the same run. `npm run bench:restore [objects]`.
import { readFileSync } from "node:fs";
import { Agent, request } from "node:https";
import { loadavg } from "node:os";
import { connectKubeForWriting } from "@kubeferry/kube";
import type { JsonObject } from "@kubeferry/model";
import { applyRestore, planRestore, type RestoreSettings } from "@kubeferry/recovery";
import { type KubeApi, servers } from "@kubeferry/testbed";
import { EVERYTHING } from "../apps/recovery/src/testing/everything.ts";
import { freshStore, quietCall, takeSnapshot } from "../apps/recovery/src/testing/take-snapshot.ts";

const OBJECTS = Number(process.argv[2] ?? 1_000);
const CONCURRENCY = 16;
const ROUNDS = 3;
/** What a restore may cost beside the writes themselves. */
const FLOOR = 0.75;

const settings: RestoreSettings = {
  conflicts: "update",
  argoManaged: "block",
  namespaces: {},
  storageClasses: {},
  images: [],
  patches: [],
  maxRemovals: { objects: 0, percent: 0 },
  filter: EVERYTHING,
};

const server = await servers.freshKubeApi();
const ratios: number[] = [];
try {
  for (let round = 1; round <= ROUNDS; round++) {
    // Whoever comes second finds a warmer server, so they take turns.
    const [first, second] = round % 2 === 0 ? [bareLoop, fromPlan] : [fromPlan, bareLoop];
    const measured = new Map([[first, await first(server)]]);
    measured.set(second, await second(server));
    const [restored = 0, bare = 0] = [measured.get(fromPlan), measured.get(bareLoop)];
    ratios.push(restored / bare);
    const load = loadavg()[0]?.toFixed(1);
    const ratio = (restored / bare).toFixed(2);
    process.stdout.write(`apply ${restored.toFixed(0)}/s, bare ${bare.toFixed(0)}/s, ratio ${ratio}, load ${load}\n`);
  }
} finally {
  await server.stop();
}
const median = ratios.sort((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? 0;
const summary = `${OBJECTS} objects, ${CONCURRENCY} at once: median ratio ${median.toFixed(2)}`;
process.stdout.write(`${summary}, wanted ${FLOOR}\n`);
process.exitCode = median >= FLOOR ? 0 : 1;

function objectsOf(namespace: string): JsonObject[] {
  return Array.from({ length: OBJECTS }, (_, number) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: `settings-${number}`, namespace, labels: { app: "bench" } },
    data: { number: String(number), text: "0123456789abcdef".repeat(64) },
  }));
}

/** @returns objects a second */
async function fromPlan(kubeApi: KubeApi): Promise<number> {
  const namespace = await kubeApi.freshNamespace();
  const { kube, writer } = await connectKubeForWriting({ kubeconfig: kubeApi.kubeconfig, connections: CONCURRENCY });
  const store = await freshStore();
  const snapshot = await takeSnapshot(store, objectsOf(namespace));
  const run = { snapshot, kube, writer, clean: {}, concurrency: CONCURRENCY, now: () => new Date() };
  const plan = await planRestore({ ...run, store, settings, toolVersion: "bench" }, quietCall);
  const startedAt = performance.now();
  const report = await applyRestore({ ...run, plan, waitTimeoutMs: 10_000 }, quietCall);
  const seconds = (performance.now() - startedAt) / 1_000;
  await kube.close();
  if (report.objects.created !== OBJECTS) throw new Error(JSON.stringify(report.objects));
  return OBJECTS / seconds;
}

/** The least that a client can do: the same bodies, ready made, over as many connections. */
async function bareLoop(kubeApi: KubeApi): Promise<number> {
  const namespace = await kubeApi.freshNamespace();
  const bodies = objectsOf(namespace).map((object) => JSON.stringify(object));
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY, ca: readFileSync(kubeApi.caFile) });
  const startedAt = performance.now();
  const next = bodies.entries();
  const worker = async (): Promise<void> => {
    for (const [number, body] of next) await send(`settings-${number}`, body);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const seconds = (performance.now() - startedAt) / 1_000;
  agent.destroy();
  return OBJECTS / seconds;

  function send(name: string, body: string): Promise<void> {
    const path = `/api/v1/namespaces/${namespace}/configmaps/${name}?fieldManager=bench&fieldValidation=Strict`;
    const headers = {
      authorization: `Bearer ${kubeApi.adminToken}`,
      "content-type": "application/apply-patch+yaml",
      "content-length": Buffer.byteLength(body),
    };
    return new Promise((resolve, reject) => {
      const sent = request(kubeApi.url + path, { method: "PATCH", agent, headers }, (answer) => {
        answer.resume();
        answer.once("end", () => (answer.statusCode === 201 ? resolve() : reject(new Error(`${answer.statusCode}`))));
      });
      sent.once("error", reject);
      sent.end(body);
    });
  }
}
