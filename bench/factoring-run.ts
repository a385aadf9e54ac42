// One run of stage 2, in a process of its own so that its memory is its own. Started by `bench/factoring.ts`.
import { runGitOps } from "@kubeferry/gitops";
import { silentLog } from "@kubeferry/model";
import { createFolderStore } from "@kubeferry/object-store";
import { loadConfig } from "@kubeferry/shared-config";

const [file = "", storePath = ""] = process.argv.slice(2);
const { config } = await loadConfig({ files: [file], env: {} });
const store = createFolderStore({ path: storePath, autoCreate: false });
const heap = { bytes: 0 };
const look = () => {
  heap.bytes = Math.max(heap.bytes, process.memoryUsage().heapUsed);
};
setInterval(look, 20).unref();

/** When each step began: milliseconds of wall time and of processor time. */
const began = new Map<string, { readonly wallMs: number; readonly cpuMs: number }>();
function note(step: string): void {
  if (began.has(step)) return;
  const { user, system } = process.cpuUsage();
  began.set(step, { wallMs: performance.now(), cpuMs: (user + system) / 1_000 });
}

note("read");
await runGitOps(
  {
    config,
    store,
    allowRemovals: false,
    runId: "bench",
    toolVersion: "bench",
    onProgress: ({ step }) => note(step),
  },
  { signal: new AbortController().signal, log: silentLog },
);
note("end");
const peakRssBytes = process.resourceUsage().maxRSS * 1_024;
process.stdout.write(JSON.stringify({ began: Object.fromEntries(began), peakHeapBytes: heap.bytes, peakRssBytes }));
