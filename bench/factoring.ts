// What it costs to factor the objects of four clusters, next to writing each of them whole: time, memory, files and lines.
// `npm run bench:factoring [objects]`.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createFolderStore } from "@kubeferry/object-store";
import { takeSnapshot } from "@kubeferry/test-fleet";
import { type Drift, ENVIRONMENTS, objectsOf } from "./factoring-objects.ts";

const execute = promisify(execFile);
const OBJECTS = Number(process.argv[2] ?? 10_000);
const ROUNDS = Number(process.argv[3] ?? 3);
const RUN = fileURLToPath(new URL("factoring-run.ts", import.meta.url));
const ORDINARY = "a tenth differs, each in one cluster";
/** What factoring may cost in the ordinary case: processor time of generating and laying out, by that of whole copies. */
const CEILING = 2;

interface Case {
  readonly name: string;
  readonly drift: Drift;
  readonly flat: boolean;
}

const CASES: readonly Case[] = [
  { name: "whole copies", drift: "tenth", flat: true },
  { name: "all equal", drift: "none", flat: false },
  { name: ORDINARY, drift: "tenth", flat: false },
  { name: "six of ten differ, in all clusters", drift: "most", flat: false },
];

interface Time {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** What `factoring-run.ts` says of a run. */
interface Measured {
  /** Reading the snapshots, cleaning, checking: the same work in each case. */
  readonly generating: Time;
  readonly layingOut: Time;
  readonly peakHeapBytes: number;
  readonly peakRssBytes: number;
  readonly files: number;
  readonly lines: number;
}

const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
try {
  for (const drift of new Set(CASES.map((each) => each.drift))) await backUp(drift);
  const rounds: Measured[][] = [];
  for (let round = 1; round <= ROUNDS; round++) {
    process.stderr.write(`round ${round} of ${ROUNDS}, load ${load()}\n`);
    // One after the other, so that each meets the same neighbours.
    const measured: Measured[] = [];
    for (const each of CASES) measured.push(await run(each));
    rounds.push(measured);
  }
  const medians = CASES.map((_, index) => median(rounds.flatMap((measured) => measured[index] ?? [])));
  report(medians);
} finally {
  await rm(folder, { recursive: true, force: true });
}

function storeOf(drift: Drift): string {
  return join(folder, `store-${drift}`);
}

async function backUp(drift: Drift): Promise<void> {
  await mkdir(storeOf(drift));
  const store = createFolderStore({ path: storeOf(drift), autoCreate: true });
  for (const name of ENVIRONMENTS) {
    const cluster = { domain: "bench.internal", name, uid: `kube-system-of-${name}` };
    await takeSnapshot(store, cluster, objectsOf(name, drift, OBJECTS));
  }
}

async function run({ drift, flat }: Case): Promise<Measured> {
  const place = await mkdtemp(join(folder, "run-"));
  const repository = join(place, "repository");
  await mkdir(repository);
  const gitops = {
    mode: "directory",
    directory: repository,
    namespaces: ["*"],
    repository: { url: "https://git.example.com/bench.git" },
    environments: Object.fromEntries(ENVIRONMENTS.map((name) => [name, { cluster: `bench.internal/${name}` }])),
    flat,
  };
  const file = join(place, "kubeferry.yaml");
  await writeFile(file, JSON.stringify({ store: { type: "folder", path: storeOf(drift) }, gitops }));
  const { stdout } = await execute(process.execPath, [...process.execArgv, RUN, file, storeOf(drift), repository]);
  await rm(place, { recursive: true });
  return JSON.parse(stdout) as Measured;
}

/** The run in the middle, by the processor time that it took. */
function median(measured: readonly Measured[]): Measured {
  const sorted = [...measured].sort((left, right) => wholeOf(left).cpuMs - wholeOf(right).cpuMs);
  const found = sorted[Math.floor(sorted.length / 2)];
  if (found === undefined) throw new Error("nothing was measured");
  return found;
}

function wholeOf({ generating, layingOut }: Measured): Time {
  return { wallMs: generating.wallMs + layingOut.wallMs, cpuMs: generating.cpuMs + layingOut.cpuMs };
}

function report(medians: readonly Measured[]): void {
  const [plain] = medians;
  if (plain === undefined) return;
  const ratioOf = (each: Measured) => (wholeOf(each).cpuMs / wholeOf(plain).cpuMs).toFixed(2);
  const rows = medians.map((each, index) => [
    CASES[index]?.name,
    seconds(wholeOf(each).wallMs),
    seconds(wholeOf(each).cpuMs),
    ratioOf(each),
    seconds(each.layingOut.cpuMs),
    mebibytes(each.peakRssBytes),
    mebibytes(each.peakHeapBytes),
    each.files,
    each.lines,
  ]);
  const head = ["", "wall", "processor", "ratio", "of it laying out", "peak RSS", "peak heap", "files", "lines"];
  const table = [head, head.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
  process.stdout.write(`${OBJECTS} objects in 4 clusters, median of ${ROUNDS}, load ${load()}\n\n${table}\n`);
  const ratio = ratioOf(medians[CASES.findIndex(({ name }) => name === ORDINARY)] ?? plain);
  process.stdout.write(`\n${ORDINARY}: ${ratio} times whole copies, wanted at most ${CEILING}\n`);
  process.exitCode = Number(ratio) <= CEILING ? 0 : 1;
}

function load(): string {
  return (loadavg()[0] ?? 0).toFixed(1);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1_000).toFixed(1)} s`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
