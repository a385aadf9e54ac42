import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { configMap, createFleet, namespace } from "@kubeferry/test-fleet";
import { expect, it } from "vitest";

it("the README's example proposes a namespace", async () => {
  const fleet = await createFleet("folder");
  try {
    await fleet.snapshot([namespace("shop"), configMap("shop/settings")]);
    const folder = join(fleet.url, "..");
    const settings = {
      store: { type: "folder", path: "./store" },
      gitops: { namespaces: ["shop"], repository: { url: fleet.url } },
    };
    await writeFile(join(folder, "kubeferry.yaml"), JSON.stringify(settings));
    const readme = await readFile(join(import.meta.dirname, "..", "README.md"), "utf8");
    const example = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--conditions=kubeferry-source", "--input-type=module", "--eval", example],
      {
        cwd: join(import.meta.dirname, ".."),
        env: { ...process.env, CONFIG: join(folder, "kubeferry.yaml"), NODE_OPTIONS: "" },
      },
    );
    expect(JSON.parse(stdout)).toMatchObject({ status: "complete", branch: "kubeferry/main" });
    expect(Object.keys(await fleet.files("kubeferry/main"))).toContain("namespaces/shop/base/configmap-settings.yaml");
  } finally {
    await fleet.close();
  }
});
