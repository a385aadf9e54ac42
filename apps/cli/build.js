// Bundles the command line for publishing: workspace packages go in, third-party libraries stay dependencies. The parser of the
// command line goes in as well, because every start pays for it (docs/adr/0039-the-parser-is-bundled.md).
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { rolldown } from "rolldown";

/** What goes in with all that it brings. */
const CARRIED = "yargs";
const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const folder = (path) => new URL(path, import.meta.url).pathname;
const imported = new Set();

rmSync(folder("dist"), { recursive: true, force: true });
rmSync(folder("example"), { recursive: true, force: true });
const bundle = await rolldown({
  input: folder("src/main.ts"),
  platform: "node",
  resolve: {
    conditionNames: ["kubeferry-source", "node", "import", "default"],
    // The parser's own has a table of all emoji, which took half of the time of `kubeferry --help`.
    alias: { "string-width": folder("src/bundle/string-width.ts") },
  },
  external: (id, importer) => {
    if (isBuiltin(id)) return true;
    if (/^[./]/.test(id) || id.startsWith("@kubeferry/")) return false;
    if (id === CARRIED || importer?.includes("/node_modules/")) return false;
    imported.add(packageName(id));
    return true;
  },
});
const { output } = await bundle.write({
  dir: folder("dist"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
});
writeFileSync(folder("dist/third-party-licences.txt"), licences(output.flatMap(({ moduleIds }) => moduleIds ?? [])));
cpSync(folder("../../examples/harbour/store"), folder("example/store"), { recursive: true });

const missing = [...imported].filter((name) => !(name in dependencies));
const unused = Object.keys(dependencies).filter((name) => !imported.has(name));
if (missing.length + unused.length > 0) {
  process.stderr.write(
    `apps/cli/package.json: dependencies: ${missing.length > 0 ? `add ${missing.join(", ")}; ` : ""}${unused.length > 0 ? `drop ${unused.join(", ")}` : ""}\n`,
  );
  process.exitCode = 1;
}

/** "@octokit/rest/dist" → "@octokit/rest" */
function packageName(id) {
  return id
    .split("/")
    .slice(0, id.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The licence of every library of which a module went in: they ask to travel with it. */
function licences(modules) {
  const carried = modules.flatMap((module) => {
    const [, before, inside] = /^(.*\/node_modules\/)(.*)$/.exec(module) ?? [];
    return inside === undefined ? [] : [join(before, packageName(inside))];
  });
  return [...new Set(carried)].sort().map(licence).join("\n");
}

function licence(library) {
  const { name, version } = JSON.parse(readFileSync(join(library, "package.json"), "utf8"));
  const file = readdirSync(library).find((each) => /^licen[cs]e/i.test(each));
  if (file === undefined) throw new Error(`${library} has no file with its licence`);
  return `${name} ${version}\n\n${readFileSync(join(library, file), "utf8").trim()}\n`;
}
