// Stage 2 without the git program, next to what git takes to commit the same tree.
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createFolderStore } from "@kubeferry/object-store";
import { takeSnapshot } from "@kubeferry/test-fleet";
import { type Drift, ENVIRONMENTS, objectsOf } from "../factoring-objects.ts";
import { runChild } from "../frame/child.ts";
import type { Claim, Setting, Subject, Suite } from "../frame/measure.ts";

/** What reading, laying out and writing may take, by what git takes for the same tree. */
const WANTED = 0.5;

export const gitopsSuite: Suite = {
  name: "gitops",
  about:
    "Snapshots laid out and written as four environments, without the git program: of one cluster, and of four clusters that differ in a tenth of their objects. Beside them `git add -A && git commit` of the same trees.",
  async open({ objects }: Setting) {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-bench-"));
    const shapes = [await oneCluster(folder, objects), await fourClusters(folder, objects)];
    return {
      subjects: shapes.flatMap(subjectsOf),
      claims: shapes.map(claimOf),
      close: () => rm(folder, { recursive: true, force: true }),
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

async function oneCluster(parent: string, objects: number): Promise<Shape> {
  const folder = join(parent, "one");
  await backUp(folder, "none", ["prod"], objects);
  const environments = Object.fromEntries(
    ENVIRONMENTS.map((name) => [name, { destination: { server: `https://${name}.example.com:6443` } }]),
  );
  return laidOut({ name: "one cluster, four environments", folder, environments });
}

async function fourClusters(parent: string, objects: number): Promise<Shape> {
  const folder = join(parent, "four");
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
  const { folder, environments } = shape;
  const gitops = {
    mode: "directory",
    directory: repositoryOf(shape),
    namespaces: ["*"],
    repository: { url: "https://git.example.com/bench.git" },
    environments,
  };
  await mkdir(repositoryOf(shape));
  await writeFile(configOf(shape), JSON.stringify({ store: { type: "folder", path: join(folder, "store") }, gitops }));
  await layOut(shape, { keep: treeOf(shape) });
  return shape;
}

function subjectsOf(shape: Shape): readonly Subject[] {
  const committed = join(shape.folder, "committed");
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
    { name: shape.name, run: () => layOut(shape, {}) },
  ];
}

function claimOf(shape: Shape): Claim {
  return {
    what: `${shape.name} ≤ ${WANTED} × git`,
    ratio: (round) => round(shape.name).wallMs / round(limitOf(shape)).wallMs,
    wanted: { atMost: WANTED },
  };
}

function layOut(shape: Shape, { keep }: { readonly keep?: string }) {
  const { folder } = shape;
  return runChild("gitops", {
    file: configOf(shape),
    storePath: join(folder, "store"),
    folder: repositoryOf(shape),
    keep,
  });
}

function limitOf({ name }: Shape): string {
  return `git: ${name}`;
}

function configOf({ folder }: Shape): string {
  return join(folder, "kubeferry.yaml");
}

function repositoryOf({ folder }: Shape): string {
  return join(folder, "repository");
}

function treeOf({ folder }: Shape): string {
  return join(folder, "tree");
}
