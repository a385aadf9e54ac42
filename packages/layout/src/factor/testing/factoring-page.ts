import { Buffer } from "node:buffer";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { emitYaml, parseYamlStream } from "@kubeferry/clean";
import { type JsonObject, textAt } from "@kubeferry/model";
import { createCatalog } from "../../catalog.ts";
import { textContent } from "../../content.ts";
import { layOutFolder } from "../../folders/folder-layout.ts";

const PAGE = join(import.meta.dirname, "../../../../../docs/factoring.md");
const FOLDER = "namespaces/shop";

/** The example of docs/factoring.md. */
export interface PageExample {
  /** What each environment's cluster has, in the page's order. */
  readonly clusters: ReadonlyMap<string, readonly JsonObject[]>;
  /** The files that the page shows, by their path from the folder: "prod/kustomization.yaml". */
  readonly files: ReadonlyMap<string, string>;
}

/** Reads the example from the page: each block says in its first line what it is. */
export async function readPageExample(): Promise<PageExample> {
  const clusters = new Map<string, readonly JsonObject[]>();
  const files = new Map<string, string>();
  for (const [, heading = "", text = ""] of (await readFile(PAGE, "utf8")).matchAll(
    /^```yaml\n# (.*)\n([\s\S]*?)^```$/gm,
  )) {
    const environment = /^in the cluster of (\w+)$/.exec(heading)?.[1];
    if (environment !== undefined) clusters.set(environment, parseYamlStream(text) as JsonObject[]);
    else files.set(heading.slice(`${FOLDER}/`.length), text);
  }
  return { clusters, files };
}

/** What factoring makes of the clusters of the example, by path. */
export async function factored({ clusters }: PageExample): Promise<ReadonlyMap<string, string>> {
  const catalog = createCatalog();
  for (const [source, objects] of clusters) {
    for (const object of objects) catalog.add(FOLDER, source, refOf(object), textContent(emitYaml(object)));
  }
  const environments = [...clusters.keys()].map((name) => ({ name, source: name, standalone: false }));
  const store = {
    read: async (content: { readonly kind: string }) => Buffer.from("text" in content ? String(content.text) : ""),
    put: async (bytes: Buffer) => textContent(bytes.toString("utf8")),
  };
  const { files } = await layOutFolder(catalog.folder(FOLDER).values(), environments, store);
  const texts = [...files].map(
    async ([path, { content }]) => [path, (await store.read(content)).toString("utf8")] as const,
  );
  return new Map(await Promise.all(texts));
}

function refOf(object: JsonObject) {
  const [group = "", version] = (textAt(object, "apiVersion") ?? "").split("/");
  const kind = textAt(object, "kind") ?? "";
  return {
    group: version === undefined ? "" : group,
    resource: `${kind.toLowerCase()}s`,
    kind,
    namespace: textAt(object, "metadata", "namespace") ?? "",
    name: textAt(object, "metadata", "name") ?? "",
  };
}
