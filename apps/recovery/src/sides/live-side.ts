import { fetchOpenApi, type KubeApi, KubeError, type Listing } from "@kubeferry/kube";
import { type Call, compareTypes, compareUtf8, once, type ResourceType, typeName } from "@kubeferry/model";
import { createTypeSchemas } from "../compare/schema/type-schemas.ts";
import { servedVersions } from "../served-versions.ts";
import type { ComparedType, Side, SideObject, SideType, Unlisted } from "./side.ts";

/** How the cluster is read. */
export interface LiveOptions {
  readonly kube: KubeApi;
  /** Objects a page. */
  readonly pageSize: number;
  /** Where to look for a type that may not be listed in the whole cluster, as a backup does; left out, or undefined: nowhere. */
  readonly namespacesOf?: (type: ResourceType) => readonly string[] | undefined;
}

/**
 * The cluster as it is now: types as discovery has them, listed when the comparison comes to them, each as of its own
 * moment. @throws KubeError when discovery or the namespace kube-system cannot be read
 */
export async function liveSide({ kube, pageSize, namespacesOf }: LiveOptions, call: Call): Promise<Side> {
  const { types, stale, document } = await kube.discover(call);
  const { uid } = await kube.identify({ name: "live", domain: "live" }, call);
  /** Types that were listed in these namespaces alone. */
  const narrowed = new Map<string, readonly string[]>();
  const knowsAbsent = (name: string, key: string): boolean =>
    narrowed.get(name)?.includes(key.slice(0, key.indexOf("/"))) ?? true;

  async function* objectsOf(type: ResourceType, call: Call): AsyncIterable<SideObject> {
    try {
      yield* listed(kube.list(type, { pageSize }, call));
    } catch (error) {
      const namespaces = namespacesOf?.(type);
      if (!(error instanceof KubeError) || error.kind !== "forbidden" || namespaces === undefined) throw error;
      narrowed.set(typeName(type), namespaces);
      // In the order of a list of the whole cluster: "team-a/x" sorts before "team/x".
      for (const namespace of namespaces.toSorted((left, right) => compareUtf8(`${left}/`, `${right}/`)))
        yield* listed(kube.list(type, { pageSize, namespace }, call));
    }
  }

  const versions = once(() => servedVersions(document));
  const serving = new Map(types.map((type) => [typeName(type), type]));
  return {
    description: `the cluster now, ${kube.description}`,
    clusterUid: uid,
    types: types
      .map((type): SideType => ({ ...type, knowsAbsent: (key) => knowsAbsent(typeName(type), key) }))
      .sort(compareTypes),
    inVersion(type, version) {
      const verbs = versions()(type.group, type.resource).get(version);
      return verbs?.includes("list") === true ? { ...type, version } : undefined;
    },
    unlisted: (type) => unlisted(type, stale),
    objects(type, _skip, call) {
      const served = serving.get(typeName(type));
      if (served === undefined) throw new Error(`${typeName(type)} is not a type of this side`);
      return objectsOf({ ...served, version: type.version }, call);
    },
    schemas: async (call) => createTypeSchemas(await documentsOf(kube, call)),
  };
}

async function* listed(listing: Listing): AsyncIterable<SideObject> {
  for await (const { key, line } of listing) yield { key, readable: true, line, wasSealed: false };
}

function unlisted(type: ComparedType, stale: readonly { readonly group: string; readonly reason: string }[]): Unlisted {
  const silent = stale.find(({ group }) => group === type.group);
  return silent === undefined ? { because: "absent" } : { because: "unread", reason: silent.reason };
}

async function documentsOf(kube: KubeApi, call: Call): Promise<Record<string, string>> {
  const documents: Record<string, string> = {};
  for await (const { path, body } of (await fetchOpenApi(kube, call)).documents)
    documents[path] = body.toString("utf8");
  return documents;
}
