// The limit `floor`: what a process holds that has imported all that a run imports, and does nothing with it.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { kubeferry } from "../frame/kubeferry.ts";
import type { Sample } from "../frame/measure.ts";
import { runMetered, type Start } from "../frame/metered.ts";

const RECORDER = new URL("../frame/tell-modules.js", import.meta.url).href;
const CHILD = fileURLToPath(new URL("../children/floor.js", import.meta.url));

/** Of one command. Close it when done. */
export interface Floor {
  /** Files that are imported, Node's own left out. */
  readonly modules: number;
  /** The heap that the command starts itself in. */
  readonly heap: Required<Pick<Start, "nodeFlags" | "env">>;
  /** `wallMs`, `cpuMs` and `peakRssBytes` of a process that imports them and ends. */
  run(): Promise<Sample>;
  close(): Promise<void>;
}

/**
 * Runs a command of kubeferry once, which does all that it does, and keeps which modules it loaded, and in what heap: the
 * processes that only import them start in the same one, or what it wins would count for the run.
 * @throws Error with what it wrote to stderr when it ends with another code than 0
 */
export async function openFloor(args: readonly string[], env: NonNullable<Start["env"]> = {}): Promise<Floor> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
  const list = join(folder, "modules.json");
  await kubeferry(args, { env: { ...env, KUBEFERRY_BENCH_MODULES: list }, nodeFlags: ["--import", RECORDER] });
  const { urls, flags, env: started } = JSON.parse(await readFile(list, "utf8")) as Recorded;
  const modules = urls.filter(isImported);
  const heap = { nodeFlags: flags, env: started };
  await writeFile(list, JSON.stringify(modules));
  return {
    modules: modules.filter((url) => url.startsWith("file:")).length,
    heap,
    run: async () => (await runMetered([CHILD, list], heap)).sample,
    close: () => rm(folder, { recursive: true }),
  };
}

/** What `frame/tell-modules.js` leaves behind. */
interface Recorded {
  readonly urls: readonly string[];
  /** "--max-semi-space-size=4" */
  readonly flags: readonly string[];
  /** "MALLOC_ARENA_MAX" → "1" */
  readonly env: Readonly<Record<string, string>>;
}

/** All but the program, which would start to work, and data, which is read as a part of the module that requires it. */
function isImported(url: string): boolean {
  return !url.endsWith("/bin/kubeferry.js") && !url.endsWith(".json");
}
