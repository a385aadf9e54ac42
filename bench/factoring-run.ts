// Lays out what four clusters have, in a process of its own so that its memory is its own. Started by `bench/factoring.ts`.
import { openFolderTree } from "@kubeferry/git";
import { allChanges, generateContent, makePlan, openInputs, openSpool, readTip, shapeOf } from "@kubeferry/layout";
import { createFolderStore } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";
import { testCall } from "@kubeferry/test-fleet";

const [file = "", storePath = "", folder = ""] = process.argv.slice(2);
const { config } = await loadConfig({ files: [file], env: {} });
const store = createFolderStore({ path: storePath, autoCreate: false });
const spool = await openSpool();
const heap = { bytes: 0 };
const look = () => {
  heap.bytes = Math.max(heap.bytes, process.memoryUsage().heapUsed);
};
setInterval(look, 20).unref();

const start = clock();
const inputs = await openInputs({ config, store }, testCall);
const generation = await generateContent({ config, ...inputs, spool }, () => undefined, testCall);
const generated = clock();
const shape = shapeOf(inputs.gitops);
const tree = await openFolderTree({ folder, roots: shape.roots }, testCall);
const tip = await readTip(tree, shape, testCall);
const lastLook = { holdsSecret: () => false, allowsCredential: () => false };
const planning = { ...inputs, generation, shape, tree, tip, spool, allowRemovals: false, earlier: () => [], lastLook };
const plan = await makePlan(planning, testCall);
const end = clock();
const peakRssBytes = process.resourceUsage().maxRSS * 1_024;

const written = { files: 0, lines: 0 };
for (const { content } of allChanges(plan).added) {
  if (content === undefined) continue;
  written.files += 1;
  written.lines += (await spool.read(content)).toString("utf8").split("\n").length - 1;
}
await tree.close();
await spool.close();
const generating = between(start, generated);
const layingOut = between(generated, end);
process.stdout.write(JSON.stringify({ generating, layingOut, peakHeapBytes: heap.bytes, peakRssBytes, ...written }));

/** Milliseconds of wall time and of processor time. */
function clock() {
  const { user, system } = process.cpuUsage();
  return { wallMs: performance.now(), cpuMs: (user + system) / 1_000 };
}

function between(from: ReturnType<typeof clock>, to: ReturnType<typeof clock>) {
  return { wallMs: to.wallMs - from.wallMs, cpuMs: to.cpuMs - from.cpuMs };
}
