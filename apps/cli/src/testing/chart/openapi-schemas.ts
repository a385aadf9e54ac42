import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { KubeApi } from "@kubeferry/testbed";
import type { ChartObject } from "./render-chart.ts";

type Schema = { [key: string]: unknown };

/** Where kubeconform looks for a type; of the core group, its `Group` is the version. */
const SCHEMA_LOCATION = "{{ .ResourceKind }}.{{ .Group }}.{{ .ResourceAPIVersion }}.json";

/**
 * Writes JSON Schemas of the kinds of these objects, as the API server itself describes them; a field that a type does
 * not have is refused. @returns the folder's `-schema-location`
 */
export async function writeSchemas(kube: KubeApi, objects: readonly ChartObject[], folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const versions = new Set(objects.map(({ apiVersion }) => apiVersion));
  for (const apiVersion of versions) {
    const document = await readDocument(kube, apiVersion);
    const [version = "", group = ""] = apiVersion.split("/").toReversed();
    for (const kind of new Set(objects.filter((each) => each.apiVersion === apiVersion).map((each) => each.kind))) {
      const name = nameOf(document.components.schemas, { group, version, kind });
      const file = `${kind.toLowerCase()}.${group || version}.${version}.json`;
      const schema = { $ref: `#/components/schemas/${name}`, components: document.components };
      await writeFile(join(folder, file), JSON.stringify(schema));
    }
  }
  return join(folder, SCHEMA_LOCATION);
}

interface OpenApi {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

async function readDocument(kube: KubeApi, apiVersion: string): Promise<OpenApi> {
  const path = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
  for (let attempt = 1; ; attempt++) {
    const answer = await kube.request("GET", `/openapi/v3/${path}`);
    // A type is served a moment before it is described.
    if (answer.status === 200) return closed(JSON.parse(answer.body)) as OpenApi;
    if (attempt === 100) throw new Error(`/openapi/v3/${path}: ${answer.status}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function nameOf(schemas: Readonly<Record<string, Schema>>, wanted: Readonly<Record<string, string>>): string {
  const found = Object.entries(schemas).find(([, schema]) => {
    const types = (schema["x-kubernetes-group-version-kind"] ?? []) as readonly Record<string, string>[];
    return types.some((type) => Object.entries(wanted).every(([key, value]) => type[key] === value));
  });
  if (found === undefined) throw new Error(`no schema of ${JSON.stringify(wanted)}`);
  return found[0];
}

/** Parts of these say what else must hold, and not all that there is. */
const CONDITIONS: ReadonlySet<string> = new Set(["allOf", "anyOf", "oneOf", "not"]);

/** Nothing beside the properties that a schema names. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== "object" || node === null) return node;
  const { default: _, ...parts } = node as Schema;
  const entries = Object.entries(parts);
  const all = Object.fromEntries(entries.map(([key, value]) => [key, CONDITIONS.has(key) ? value : closed(value)]));
  const open = "additionalProperties" in all || all["x-kubernetes-preserve-unknown-fields"] === true;
  return all.properties === undefined || open ? all : { ...all, additionalProperties: false };
}
