import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYamlStream } from "@kubeferry/clean";
import { isJsonObject, type JsonObject, type JsonValue } from "@kubeferry/model";

/** Every object of the YAML files at a path of a project, files in order; what is no Kubernetes object is left out. */
export async function readObjects(folder: string, ...paths: readonly string[]): Promise<JsonObject[]> {
  const objects: JsonObject[] = [];
  for (const path of paths) {
    for (const file of await yamlFiles(join(folder, path))) {
      objects.push(
        ...parseYamlStream(await readFile(file, "utf8"))
          .flatMap(withItems)
          .filter(isKubeObject),
      );
    }
  }
  return objects;
}

async function yamlFiles(path: string): Promise<string[]> {
  if (path.endsWith(".yaml")) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const below = await Promise.all(
    entries
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      .filter((entry) => entry.isDirectory() || entry.name.endsWith(".yaml"))
      .map((entry) => yamlFiles(join(path, entry.name))),
  );
  return below.flat();
}

function withItems(value: JsonValue): readonly JsonValue[] {
  return isJsonObject(value) && Array.isArray(value.items) ? value.items : [value];
}

function isKubeObject(value: JsonValue): value is JsonObject {
  return isJsonObject(value) && typeof value.kind === "string" && isJsonObject(value.metadata);
}
