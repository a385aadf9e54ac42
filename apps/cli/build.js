// Bundles the command line for publishing: workspace packages go in, third-party libraries stay dependencies.
import { cpSync, readFileSync, rmSync } from "node:fs";
import { rolldown } from "rolldown";

const { dependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const folder = (path) => new URL(path, import.meta.url).pathname;
const imported = new Set();

rmSync(folder("dist"), { recursive: true, force: true });
rmSync(folder("example"), { recursive: true, force: true });
const bundle = await rolldown({
  input: folder("src/main.ts"),
  platform: "node",
  resolve: { conditionNames: ["kubeferry-source", "node", "import", "default"] },
  external: (id) => {
    if (id.startsWith("node:") || /^[./]/.test(id) || id.startsWith("@kubeferry/")) return id.startsWith("node:");
    imported.add(
      id
        .split("/")
        .slice(0, id.startsWith("@") ? 2 : 1)
        .join("/"),
    );
    return true;
  },
});
await bundle.write({
  dir: folder("dist"),
  format: "esm",
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
});
cpSync(folder("../../examples/harbour/store"), folder("example/store"), { recursive: true });

const missing = [...imported].filter((name) => !(name in dependencies));
const unused = Object.keys(dependencies).filter((name) => !imported.has(name));
if (missing.length + unused.length > 0) {
  process.stderr.write(
    `apps/cli/package.json: dependencies: ${missing.length > 0 ? `add ${missing.join(", ")}; ` : ""}${unused.length > 0 ? `drop ${unused.join(", ")}` : ""}\n`,
  );
  process.exitCode = 1;
}
