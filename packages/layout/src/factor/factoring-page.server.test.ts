import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { parseYamlStream } from "@kubeferry/clean";
import { type JsonObject, textAt } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { expect, it } from "vitest";
import { readPageExample } from "./testing/factoring-page.ts";

const execute = promisify(execFile);

it.skipIf(missingServers("kustomize"))(
  "the files of docs/factoring.md build to what the page says that each cluster has",
  async () => {
    const { clusters, files } = await readPageExample();
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-factoring-page-"));
    for (const [path, text] of files) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    for (const [environment, objects] of clusters) {
      const { stdout } = await execute(servers.binary("kustomize"), ["build", join(folder, environment)]);
      expect(byKind(parseYamlStream(stdout) as JsonObject[]), environment).toEqual(byKind(objects));
    }
    await rm(folder, { recursive: true, force: true });
  },
);

function byKind(objects: readonly JsonObject[]): Readonly<Record<string, JsonObject>> {
  return Object.fromEntries(objects.map((object) => [textAt(object, "kind"), object]));
}
