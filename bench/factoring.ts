// What it costs to factor the objects of four clusters, next to writing each of them whole: time, memory, files and lines.
// `npm run bench:factoring [objects]`.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
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
/** What factoring may cost where a tenth of the objects differs: processor time of the whole run, by that of plain copies. */
const CEILING = 2;

interface Case {
  readonly name: string;
  readonly drift: Drift;
  readonly flat: boolean;
}

const CASES: readonly Case[] = [
  { name: "whole copies", drift: "tenth", flat: true },
  { name: "all equal", drift: "none", flat: false },
  { name: "a tenth differs in one cluster", drift: "tenth", flat: false },
  { name: "six of ten differ in all", drift: "most", flat: false },
];

interface Clock {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface Measured {
  readonly began: Readonly<Record<"read" | "plan" | "publish" | "end", Clock>>;
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
    process.stderr.write(`round ${round} of ${ROUNDS}, load ${loadavg()[0]?.toFixed(1)}\n`);
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
  const output = join(place, "output");
  await mkdir(output);
  const environments = Object.fromEntries(ENVIRONMENTS.map((name) => [name, { cluster: `bench.internal/${name}` }]));
  const gitops = {
    mode: "directory",
    directory: output,
    namespaces: ["*"],
    repository: { url: "https://git.example.com/bench.git" },
    environments,
    flat,
  };
  const file = join(place, "kubeferry.yaml");
  await writeFile(file, JSON.stringify({ store: { type: "folder", path: storeOf(drift) }, gitops }));
  const { stdout } = await execute(process.execPath, [...process.execArgv, RUN, file, storeOf(drift)]);
  const written = await sizeOf(output);
  await rm(place, { recursive: true });
  return { ...(JSON.parse(stdout) as Omit<Measured, "files" | "lines">), ...written };
}

async function sizeOf(output: string): Promise<Pick<Measured, "files" | "lines">> {
  const paths = (await readdir(output, { recursive: true })).filter((path) => path.endsWith(".yaml"));
  let lines = 0;
  for (const path of paths) lines += (await readFile(join(output, path), "utf8")).split("\n").length - 1;
  return { files: paths.length, lines };
}

/** The run in the middle, by the processor time that it took. */
function median(measured: readonly Measured[]): Measured {
  const sorted = [...measured].sort((left, right) => cpuOf(left, "read", "end") - cpuOf(right, "read", "end"));
  const found = sorted[Math.floor(sorted.length / 2)];
  if (found === undefined) throw new Error("nothing was measured");
  return found;
}

type Step = keyof Measured["began"];

function cpuOf({ began }: Measured, from: Step, to: Step): number {
  return (began[to].cpuMs - began[from].cpuMs) / 1_000;
}

function wallOf({ began }: Measured, from: Step, to: Step): number {
  return (began[to].wallMs - began[from].wallMs) / 1_000;
}

function report(medians: readonly Measured[]): void {
  const [plain] = medians;
  if (plain === undefined) return;
  const mebibytes = (bytes: number) => (bytes / 2 ** 20).toFixed(0);
  const rows = medians.map((each, index) =>
    [
      CASES[index]?.name,
      `${wallOf(each, "read", "end").toFixed(1)} s`,
      `${cpuOf(each, "read", "end").toFixed(1)} s`,
      (cpuOf(each, "read", "end") / cpuOf(plain, "read", "end")).toFixed(2),
      `${cpuOf(each, "plan", "publish").toFixed(1)} s`,
      `${mebibytes(each.peakRssBytes)} MiB`,
      `${mebibytes(each.peakHeapBytes)} MiB`,
      each.files,
      each.lines,
    ].join(" | "),
  );
  const head = "| | wall | processor | by whole copies | of that, laying out | peak RSS | peak heap | files | lines |";
  const load = loadavg()[0]?.toFixed(1);
  process.stdout.write(`${OBJECTS} objects in 4 clusters, median of ${ROUNDS}, load ${load}\n\n${head}\n`);
  process.stdout.write(`${"| --- ".repeat(9)}|\n${rows.map((row) => `| ${row} |`).join("\n")}\n`);
  const [, , tenth = plain] = medians;
  const ratio = cpuOf(tenth, "read", "end") / cpuOf(plain, "read", "end");
  process.stdout.write(`\na tenth differs: ${ratio.toFixed(2)} times whole copies, wanted at most ${CEILING}\n`);
  process.exitCode = ratio <= CEILING ? 0 : 1;
}
