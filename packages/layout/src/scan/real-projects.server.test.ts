import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseYamlStream } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, textAt } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { expect, it } from "vitest";
import { scanObject } from "./scan-object.ts";

it.skipIf(missingServers("go-modules"))(
  "raises no alarm on the manifests of Argo CD, prometheus-operator and cert-manager",
  { timeout: 300_000 },
  async () => {
    const objects = [
      ...objectsIn(await servers.goModule("argo-cd"), ["manifests/install.yaml"]),
      ...objectsIn(await servers.goModule("prometheus-operator"), ["bundle.yaml", "example"]),
      ...objectsIn(await servers.goModule("cert-manager"), ["deploy/crds"]),
    ];
    const alarms = objects.flatMap((object) => {
      const group = (textAt(object, "apiVersion") ?? "").split("/").at(-2) ?? "";
      return scanObject(object, group).map(
        ({ field, what }) => `${textAt(object, "kind")} ${textAt(object, "metadata", "name")} ${field}: ${what}`,
      );
    });
    expect(objects.length).toBeGreaterThan(150);
    expect(alarms).toEqual([]);
  },
);

/** The objects of some files and folders of a module, Secrets aside: nobody looks through those. */
function objectsIn(module: string, paths: readonly string[]): JsonObject[] {
  const files = paths.flatMap((path) =>
    path.endsWith(".yaml")
      ? [join(module, path)]
      : readdirSync(join(module, path), { recursive: true, encoding: "utf8" })
          .filter((name) => name.endsWith(".yaml"))
          .map((name) => join(module, path, name)),
  );
  const objects = files.flatMap((file) => [...parseYamlStream(readFileSync(file, "utf8"))]);
  return objects.filter(isJsonObject).filter(({ kind }) => kind !== "Secret" && kind !== undefined);
}
