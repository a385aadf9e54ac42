import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { servers } from "@kubeferry/testbed";
import { rolldown } from "rolldown";

/** What the command line imports itself of what its packages import as well: both must have the same one. */
const SHARED_LIBRARIES = ["age-encryption", "p-map", "yargs", "zod"];

/**
 * Scripts with all packages and libraries in a few JavaScript files, made once a test run: to load and strip a thousand
 * files is half of what a start costs, and tests start hundreds. The command line's own sources stay what Node runs, so
 * that its coverage is told by their lines.
 * @returns the absolute path of a script that does what `bin/kubeferry.js` does, or that runs a backup and dies in it
 */
export async function bundled(script: "kubeferry" | "killable-backup"): Promise<string> {
  return join(await servers.madeOnce("bundled-cli", bundle), `${script}.js`);
}

async function bundle(folder: string): Promise<void> {
  const modules = [...ownPackages(), ...SHARED_LIBRARIES];
  const files = Object.fromEntries(modules.map((name) => [name, name.replaceAll(/[@/]/g, "_")]));
  const made = await rolldown({
    cwd: here("../.."),
    input: {
      ...Object.fromEntries(Object.entries(files).map(([name, file]) => [file, name])),
      "killable-backup": here("killable-backup.ts"),
    },
    platform: "node",
    resolve: { conditionNames: ["kubeferry-source", "node", "import", "default"] },
    external: (id) => id.startsWith("node:"),
  });
  await made.write({ dir: folder, format: "esm" });
  await made.close();
  const urls = Object.entries(files).map(([name, file]) => [name, pathToFileURL(join(folder, `${file}.js`)).href]);
  await writeFile(join(folder, "kubeferry.js"), startScript(Object.fromEntries(urls)));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
}

function startScript(bundles: Readonly<Record<string, string>>): string {
  return `import { registerHooks } from "node:module";
const bundles = new Map(Object.entries(${JSON.stringify(bundles)}));
registerHooks({
  resolve: (name, context, next) =>
    bundles.has(name) ? { url: bundles.get(name), format: "module", shortCircuit: true } : next(name, context),
});
const { main } = await import(${JSON.stringify(pathToFileURL(here("../main.ts")).href)});
process.exitCode = await main(process.argv.slice(2));
`;
}

function ownPackages(): string[] {
  const manifest = JSON.parse(readFileSync(here("../../package.json"), "utf8")) as { devDependencies: object };
  const own = Object.keys(manifest.devDependencies).filter((name) => name.startsWith("@kubeferry/"));
  return own.filter((name) => !["@kubeferry/test-fleet", "@kubeferry/testbed"].includes(name));
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
