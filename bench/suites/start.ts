// The start of the process, which every run of every CronJob and every tab of a completion pays.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { kubeferry } from "../frame/kubeferry.ts";
import { median, type Sample, type Suite } from "../frame/measure.ts";
import { type Ran, runMetered } from "../frame/metered.ts";

/** `kubeferry --help`, by `node -e 0`. */
const WANTED = 5;
/** A start takes a twentieth of a second, as a scheduler's whim may. */
const STARTS = 7;

export const startSuite: Suite = {
  name: "start",
  about: `Whole processes, from the start to the exit code; a sample is the median of ${STARTS} of them, one after the other.`,
  async open() {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
    const config = join(folder, "kubeferry.yaml");
    await writeFile(config, JSON.stringify({ store: { type: "folder", path: folder } }));
    return {
      subjects: [
        { name: "node -e 0", run: () => middleOf(() => runMetered(["-e", "0"])) },
        { name: "kubeferry --help", run: () => middleOf(() => kubeferry(["--help"])) },
        { name: "kubeferry --version", run: () => middleOf(() => kubeferry(["--version"])) },
        {
          name: "kubeferry config validate",
          run: () => middleOf(() => kubeferry(["config", "validate", "--config", config])),
        },
      ],
      claims: [
        {
          what: `kubeferry --help ≤ ${WANTED} × node -e 0`,
          ratio: (round) => round("kubeferry --help").wallMs / round("node -e 0").wallMs,
          wanted: { atMost: WANTED },
          inCi: { atMost: 10 },
        },
      ],
      close: () => rm(folder, { recursive: true }),
    };
  },
};

async function middleOf(start: () => Promise<Ran>): Promise<Sample> {
  const samples: Ran["sample"][] = [];
  for (let left = STARTS; left > 0; left--) samples.push((await start()).sample);
  return {
    wallMs: median(samples.map(({ wallMs }) => wallMs)),
    cpuMs: median(samples.map(({ cpuMs }) => cpuMs)),
    peakRssBytes: median(samples.map(({ peakRssBytes }) => peakRssBytes)),
  };
}
