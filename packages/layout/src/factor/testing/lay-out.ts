import { Buffer } from "node:buffer";
import { emitYaml, typeOfObject } from "@kubeferry/clean";
import { type JsonObject, textAt } from "@kubeferry/model";
import { createCatalog } from "../../catalog.ts";
import { type ContentStore, textContent } from "../../content.ts";
import { type LaidOutEnvironment, layOutFolder } from "../../folders/folder-layout.ts";
import type { FolderObject } from "./folders.ts";

/** Everything is held as text. */
const STORE: ContentStore = {
  read: async (content) => Buffer.from(content.kind === "text" ? content.text : ""),
  put: async (bytes) => textContent(bytes.toString("utf8")),
};

/** The files of a folder with these objects, as texts by their paths, in the order of these. */
export async function layOut(
  objects: readonly FolderObject[],
  environments: readonly LaidOutEnvironment[],
): Promise<Readonly<Record<string, string>>> {
  const catalog = createCatalog();
  const put = (object: JsonObject) => textContent(emitYaml(object));
  for (const { versions, variants, leftOutOf } of objects) {
    for (const [source, object] of versions) {
      const { group, kind } = typeOfObject(object);
      const [name = "", namespace] = ["name", "namespace"].map((key) => textAt(object, "metadata", key));
      const ref = {
        group,
        resource: `${kind.toLowerCase()}s`,
        kind,
        name,
        ...(namespace === undefined ? {} : { namespace }),
      };
      const mine = environments.filter((each) => each.source === source && variants.has(each.name));
      const changed = mine.map((each) => [each.name, put(variants.get(each.name) ?? object)] as const);
      catalog.add("namespaces/shop", source, ref, put(object), { variants: new Map(changed), leftOutOf });
    }
  }
  const { files } = await layOutFolder(catalog.folder("namespaces/shop").values(), environments, STORE);
  const texts = [...files].map(([path, { content }]) => [path, content.kind === "text" ? content.text : ""] as const);
  return Object.fromEntries(texts.sort());
}
