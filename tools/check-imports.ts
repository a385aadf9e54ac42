// Reads every import of the workspace and holds it against the directions that docs/architecture.md names.
import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const ROOT = normalize(join(import.meta.dirname, ".."));
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^"';]*?from\s+"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g;
/** What only tests may import. */
const FOR_TESTS: readonly string[] = ["@kubeferry/testbed", "@kubeferry/test-fleet"];
/** The only apps that may call other apps: they compose them. */
const COMPOSERS: readonly string[] = ["apps/cli", "apps/operator"];
/** Folders whose subfolders are drivers: a driver knows its interface, never a sibling. */
const DRIVER_FOLDERS: readonly string[] = ["packages/git-platform/src/platforms"];
const DRIVERS: readonly string[] = ["packages/object-store/src/s3", "packages/object-store/src/folder"];

const workspaces = new Map(
  globSync("{packages,apps}/*/package.json", { cwd: ROOT }).map((path) => {
    const { name } = JSON.parse(readFileSync(join(ROOT, path), "utf8")) as { name: string };
    return [name, dirname(path)] as const;
  }),
);

const files = globSync("{packages,apps}/*/{src,bin}/**/*.ts", { cwd: ROOT });
const imports = files.flatMap(importsOf);
const problems = [...imports.flatMap(problemsOf), ...cycles(imports)];
for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${files.length} files, ${imports.length} imports, ${problems.length} against the directions\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

function importsOf(file: string): Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  return [...text.matchAll(IMPORT)].map((match) => ({ file, specifier: match[1] ?? match[2] ?? match[3] ?? "" }));
}

function problemsOf(each: Import): string[] {
  const problem = each.specifier.startsWith(".") ? relativeProblem(each) : packageProblem(each);
  return problem === undefined ? [] : [`${each.file}: imports ${each.specifier}: ${problem}`];
}

function relativeProblem({ file, specifier }: Import): string | undefined {
  const target = normalize(join(dirname(file), specifier));
  if (!target.startsWith(`${placeOf(file)}/`)) return "reaches out of its package; import the package by name";
  const [from, to] = [driverOf(file), driverOf(target)];
  return from !== undefined && to !== undefined && from !== to
    ? "a driver imports its interface, never a sibling"
    : undefined;
}

function packageProblem({ file, specifier }: Import): string | undefined {
  if (specifier.startsWith("node:")) return undefined;
  const [scope, second = ""] = specifier.split("/");
  const name = specifier.startsWith("@") ? `${scope}/${second}` : `${scope}`;
  const place = placeOf(file);
  if (!declared(place, isTest(file)).has(name)) return `not among the dependencies of ${place}/package.json`;
  if (FOR_TESTS.includes(name)) return isTest(file) ? undefined : "only tests may use it";
  const target = workspaces.get(name);
  if (target === undefined) return place === "packages/model" && !isTest(file) ? "model imports nothing" : undefined;
  if (specifier !== name) return "reaches past the package's index";
  if (target.startsWith("apps/") && !COMPOSERS.includes(place)) return "no package and no app imports an app";
  return place === "packages/model" ? "model imports nothing" : undefined;
}

function declared(place: string, test: boolean): Set<string> {
  const read = (path: string): Record<string, Record<string, string> | undefined> =>
    JSON.parse(readFileSync(join(ROOT, path), "utf8")) as Record<string, Record<string, string> | undefined>;
  const own = read(join(place, "package.json"));
  // The test tools are the workspace's; the command line is bundled, so what it composes is a devDependency.
  const tools = test ? read("package.json").devDependencies : {};
  const extra = test || COMPOSERS.includes(place) ? own.devDependencies : {};
  return new Set(Object.keys({ ...own.dependencies, ...extra, ...tools }));
}

function cycles(all: readonly Import[]): string[] {
  const edges = new Map<string, Set<string>>();
  for (const { file, specifier } of all) {
    const target = isTest(file) ? undefined : workspaces.get(specifier);
    if (target === undefined) continue;
    const from = placeOf(file);
    edges.set(from, (edges.get(from) ?? new Set()).add(target));
  }
  return [...edges.keys()].flatMap((start) => (reaches(edges, start) ? [`${start}: imports itself in a circle`] : []));
}

function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, start: string): boolean {
  const seen = new Set<string>();
  const open = [...(edges.get(start) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === start) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(edges.get(next) ?? []));
  }
  return false;
}

function driverOf(path: string): string | undefined {
  const folder = DRIVER_FOLDERS.find((each) => path.startsWith(`${each}/`));
  if (folder !== undefined) return relative(folder, path).split("/")[0];
  return DRIVERS.find((each) => path.startsWith(`${each}/`));
}

function placeOf(file: string): string {
  return file.split("/").slice(0, 2).join("/");
}

function isTest(file: string): boolean {
  return /\.(test|contract)\.ts$|\/testing\/|^packages\/test-fleet\//.test(file);
}
