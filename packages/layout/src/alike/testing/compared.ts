import { type JsonObject, type Likeness, parseJson, stringifyJson } from "@kubeferry/model";
import { typeOf } from "@kubeferry/test-fleet";
import { createCatalog, namespaceFolder } from "../../catalog.ts";
import { textContent } from "../../content.ts";
import { type LikenessOptions, likenessOf } from "../likeness.ts";

/** Objects of one cluster, by the environment that is made from it. */
export type Clusters = Readonly<Record<string, readonly JsonObject[]>>;

/** Compares literal objects; each environment is made from a cluster "example.internal/<environment>-cluster". */
export function compared(
  clusters: Clusters,
  options: Partial<Pick<LikenessOptions, "parameters" | "isGone">> = {},
): Promise<Likeness> {
  const catalog = createCatalog();
  const environments = Object.keys(clusters).map((name) => ({ name, source: `example.internal/${name}-cluster` }));
  for (const { name, source } of environments) {
    for (const object of clusters[name] ?? []) {
      const { namespace, name: called } = object.metadata as { readonly namespace?: string; readonly name: string };
      const { group, resource, kind } = typeOf(object);
      const ref = { group, resource, kind, name: called, ...(namespace === undefined ? {} : { namespace }) };
      const folder = namespace === undefined ? "cluster" : namespaceFolder(namespace);
      catalog.add(folder, source, ref, textContent(stringifyJson(object)));
    }
  }
  return likenessOf(
    catalog.folders().map((folder) => ({ folder, entries: catalog.folder(folder).values() })),
    {
      environments,
      parameters: {},
      read: async (content) => parseJson(content.kind === "text" ? content.text : "") as JsonObject,
      ...options,
    },
  );
}
