// Stage 2 without the git program, next to what git takes to commit the same tree.
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createFolderStore } from "@kubeferry/object-store";
import { takeSnapshot } from "@kubeferry/test-fleet";
import { startRepository } from "../bare-repository.ts";
import { type Drift, ENVIRONMENTS, objectsOf } from "../factoring-objects.ts";
import { runChild } from "../frame/child.ts";
import type { Claim, Sample, Setting, Subject, Suite } from "../frame/measure.ts";
import type { Start } from "../frame/metered.ts";
import { type Floor, openFloor } from "../limits/floor.ts";

/** What reading, laying out and writing may take, by what git takes for the same tree. */
const WANTED = 0.5;
/** What it may hold beyond what a run imports. */
const BEYOND_FLOOR_MIB = 250;
/** Objects of the run that says what is imported. */
const FEW = 50;

export const gitopsSuite: Suite = {
  name: "gitops",
  about:
    "Snapshots laid out as four environments and handed to a git that throws away what it is given: of one cluster, and of four clusters that differ in a tenth of their objects. Beside them `git add -A && git commit` of the same trees. To look at, one cluster until git made a commit of it, and written as files.",
  async open({ objects }: Setting) {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
    const floor = await floorOfRun(join(folder, "few"));
    await makeIdleGit(join(folder, "bin"));
    const one = await oneCluster(join(folder, "one"), objects);
    const shapes = [one, await fourClusters(join(folder, "four"), objects)];
    return {
      subjects: [
        { name: "floor", run: floor.run },
        ...shapes.flatMap((shape) => subjectsOf(shape, { heap: floor.heap, idleGit: join(folder, "bin") })),
        ...shownBeside(one, floor.heap),
      ],
      claims: shapes.flatMap(claimsOf),
      async close() {
        await floor.close();
        await rm(folder, { recursive: true, force: true });
      },
    };
  },
};

/** Snapshots, what they are laid out as, and a copy of the tree that comes of it. */
interface Shape {
  readonly name: string;
  readonly folder: string;
  /** Environments of the configuration. */
  readonly environments: object;
}

async function floorOfRun(folder: string): Promise<Floor> {
  const shape = { name: "few", folder, environments: DEPLOYED };
  await backUp(folder, "none", ["prod"], FEW);
  await configure(shape);
  return openFloor(["gitops", "--config", configOf(shape)]);
}

/** One source for all. */
const DEPLOYED = Object.fromEntries(
  ENVIRONMENTS.map((name) => [name, { destination: { server: `https://${name}.example.com:6443` } }]),
);

async function oneCluster(folder: string, objects: number): Promise<Shape> {
  await backUp(folder, "none", ["prod"], objects);
  return laidOut({ name: "one cluster, four environments", folder, environments: DEPLOYED });
}

async function fourClusters(folder: string, objects: number): Promise<Shape> {
  await backUp(folder, "tenth", ENVIRONMENTS, objects);
  const environments = Object.fromEntries(ENVIRONMENTS.map((name) => [name, { cluster: `bench.internal/${name}` }]));
  return laidOut({ name: "four clusters, factored", folder, environments });
}

async function backUp(
  folder: string,
  drift: Drift,
  clusters: readonly (typeof ENVIRONMENTS)[number][],
  objects: number,
): Promise<void> {
  const path = join(folder, "store");
  await mkdir(path, { recursive: true });
  const store = createFolderStore({ path, autoCreate: true });
  for (const name of clusters) {
    const cluster = { domain: "bench.internal", name, uid: `kube-system-of-${name}` };
    await takeSnapshot(store, cluster, objectsOf(name, drift, objects));
  }
}

/** With its configuration written and its tree made. */
async function laidOut(shape: Shape): Promise<Shape> {
  await configure(shape);
  await layOut(shape, "files");
  await rename(filesOf(shape), treeOf(shape));
  return shape;
}

async function configure(shape: Shape): Promise<void> {
  const { folder, environments } = shape;
  const gitops = {
    mode: "directory",
    directory: filesOf(shape),
    namespaces: ["*"],
    repository: { url: "https://git.example.com/bench.git" },
    environments,
  };
  const content = { metrics: { enabled: false }, store: { type: "folder", path: join(folder, "store") }, gitops };
  await startRepository(repositoryOf(shape));
  await writeFile(configOf(shape), JSON.stringify(content));
}

/**
 * A git that reads what it is to keep and throws it away, and is the real one for everything else: the time of a run with
 * it is that of everything but git.
 */
async function makeIdleGit(folder: string): Promise<void> {
  const text = `#!/bin/sh
if [ "$1" = fast-import ]; then exec cat > /dev/null; fi
PATH="\${PATH#*${delimiter}}" exec git "$@"
`;
  await mkdir(folder);
  await writeFile(join(folder, "git"), text, { mode: 0o755 });
}

interface Handing {
  readonly heap: Floor["heap"];
  /** Folder of a git that throws away what it is given. */
  readonly idleGit: string;
}

function subjectsOf(shape: Shape, { heap, idleGit }: Handing): readonly Subject[] {
  const committed = join(shape.folder, "committed");
  const PATH = [idleGit, process.env.PATH].join(delimiter);
  const start = { ...heap, env: { ...heap.env, PATH } };
  return [
    {
      name: limitOf(shape),
      async prepare() {
        await rm(committed, { recursive: true, force: true });
        await cp(treeOf(shape), committed, { recursive: true });
        execFileSync("git", ["init", "--quiet", committed]);
      },
      run: () => runChild("git", { folder: committed }),
    },
    { name: shape.name, run: () => layOut(shape, "handed over", start) },
  ];
}

/** What users wait for, with git's part in it. */
function shownBeside(shape: Shape, heap: Floor["heap"]): readonly Subject[] {
  const prepare = () => rm(filesOf(shape), { recursive: true, force: true });
  return [
    { name: `${shape.name}: to a commit`, run: () => layOut(shape, "commit", heap) },
    { name: `${shape.name}: to files`, prepare, run: () => layOut(shape, "files", heap) },
  ];
}

function claimsOf(shape: Shape): readonly Claim[] {
  const beyond = BEYOND_FLOOR_MIB * 2 ** 20;
  return [
    {
      what: `${shape.name} ≤ ${WANTED} × git`,
      ratio: (round) => round(shape.name).wallMs / round(limitOf(shape)).wallMs,
      wanted: { atMost: WANTED },
      inCi: { atMost: 8 },
    },
    {
      what: `peak of ${shape.name} ≤ floor + ${BEYOND_FLOOR_MIB} MiB`,
      ratio: (round) => peakOf(round(shape.name)) / (peakOf(round("floor")) + beyond),
      wanted: { atMost: 1 },
      inCi: { atMost: 1 },
    },
  ];
}

function peakOf({ peakRssBytes = Number.NaN }: Sample): number {
  return peakRssBytes;
}

/** @param start as `kubeferry gitops` starts itself */
function layOut(shape: Shape, until: "handed over" | "commit" | "files", start: Start = {}): Promise<Sample> {
  const file = configOf(shape);
  const storePath = join(shape.folder, "store");
  const work = { file, storePath, repository: repositoryOf(shape), folder: filesOf(shape), until };
  return runChild("gitops", work, start);
}

function limitOf({ name }: Shape): string {
  return `git: ${name}`;
}

function configOf({ folder }: Shape): string {
  return join(folder, "kubeferry.yaml");
}

function repositoryOf({ folder }: Shape): string {
  return join(folder, "repository.git");
}

function filesOf({ folder }: Shape): string {
  return join(folder, "files");
}

function treeOf({ folder }: Shape): string {
  return join(folder, "tree");
}
