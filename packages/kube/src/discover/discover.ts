import { Buffer } from "node:buffer";
import { type Call, compareTypes, type ResourceType } from "@kubeferry/model";
import { type Ask, parseAnswer } from "../http/ask.ts";
import type { Discovery } from "../kube-api.ts";
import { KubeError } from "../kube-error.ts";
import { discoverOneByOne, type Unanswered } from "./discover-one-by-one.ts";
import { GroupDiscoveryList, type ResourceDiscovery, type VersionDiscovery } from "./discovery-document.ts";

/** The aggregated form where the server has it (1.26 and later), in two requests instead of one a group version. */
const AGGREGATED = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat("application/json")
  .join(",");

/** Asks what the server serves. @throws KubeError when /api or /apis itself cannot be read */
export async function discover(ask: Ask, call: Call): Promise<Discovery> {
  const api = await discoverRoot("/api", ask, call);
  const apis = await discoverRoot("/apis", ask, call);
  const types: ResourceType[] = [];
  const stale: Discovery["stale"][number][] = [];
  for (const { document, unanswered } of [api, apis]) {
    for (const group of document.items ?? []) {
      const name = group.metadata?.name ?? "";
      const versions = group.versions ?? [];
      types.push(...listableTypes(name, versions.filter(isFresh)));
      for (const { version } of versions.filter((each) => !isFresh(each))) {
        stale.push({ group: name, version, reason: unanswered.get(`${name}/${version}`) ?? STALE_REASON });
      }
    }
  }
  const document = sortedKeys({ api: api.document, apis: apis.document });
  return { types: types.sort(compareTypes), stale, document: Buffer.from(JSON.stringify(document)) };
}

const STALE_REASON = "its API service does not answer the API server (freshness Stale)";

interface Root {
  readonly document: GroupDiscoveryList;
  /** "group/version" → why it could not be read. */
  readonly unanswered: Unanswered;
}

async function discoverRoot(path: "/api" | "/apis", ask: Ask, call: Call): Promise<Root> {
  const operation = `discover ${path}`;
  const whenForbidden = "the built-in ClusterRole system:discovery must be bound to this user";
  const answer = parseAnswer(await ask({ operation, path, accept: AGGREGATED, whenForbidden }, call), operation);
  const aggregated = GroupDiscoveryList.safeParse(answer);
  if (aggregated.success) {
    // v2beta1 has the same shape; what is kept calls itself v2, so that its readers need to know one.
    return { document: { ...aggregated.data, apiVersion: "apidiscovery.k8s.io/v2" }, unanswered: new Map() };
  }
  const found = await discoverOneByOne(answer, ask, call);
  if (found !== undefined) return found;
  const problem = "the answer is no discovery document";
  throw new KubeError({ kind: "invalid", who: "kube", operation, problem, next: "check the server's address" });
}

function isFresh(version: VersionDiscovery): boolean {
  return version.freshness !== "Stale";
}

/** Per resource the first version that lists it: versions stand in the group's order of preference. */
function listableTypes(group: string, versions: readonly VersionDiscovery[]): ResourceType[] {
  const chosen = new Map<string, ResourceType>();
  for (const { version, resources } of versions) {
    for (const resource of resources ?? []) {
      const type = listableType(group, version, resource);
      if (type !== undefined && !chosen.has(type.resource)) chosen.set(type.resource, type);
    }
  }
  return [...chosen.values()];
}

function listableType(group: string, version: string, found: ResourceDiscovery): ResourceType | undefined {
  const { resource, responseKind, scope } = found;
  const verbs = found.verbs ?? [];
  if (!verbs.includes("list") || responseKind == null || resource.includes("/")) return undefined;
  return { group, version, resource, kind: responseKind.kind, namespaced: scope === "Namespaced", verbs };
}

/** Objects with their keys in order, so that one API always gives one text; arrays keep their order, it means something. */
function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sortedKeys(each)]));
}
