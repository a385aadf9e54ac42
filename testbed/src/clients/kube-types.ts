import { setTimeout as sleep } from "node:timers/promises";
import { TestbedError } from "../errors.ts";
import type { KubeRequest } from "./kube-api.ts";

const aggregated = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const tries = 40;
const pauseMs = 100;

/** Which paths an API server serves for which kinds. */
export interface KubeTypes {
  /**
   * @param namespace used when the kind has one.
   * @returns the path of the kind's collection, without a slash at the end.
   * @throws TestbedError "refused" when the kind is not served within 4 s.
   */
  pathOf(apiVersion: string, kind: string, namespace: string): Promise<string>;
  /** Whether a type can be listed and is named by aggregated discovery, which follows a moment later. */
  isServed(group: string, version: string, plural: string): Promise<boolean>;
}

interface ServedType {
  readonly name: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/** Reads the discovery documents as they are needed. */
export function createKubeTypes(request: KubeRequest): KubeTypes {
  const known = new Map<string, ServedType>();
  const find = async (apiVersion: string, kind: string): Promise<ServedType> => {
    for (let attempt = 0; attempt < tries; attempt++) {
      const found = known.get(`${apiVersion} ${kind}`);
      if (found !== undefined) return found;
      if (attempt > 0) await sleep(pauseMs);
      for (const type of await readTypes(request, apiVersion)) known.set(`${apiVersion} ${type.kind}`, type);
    }
    throw notServed(apiVersion, kind);
  };
  return {
    async pathOf(apiVersion, kind, namespace) {
      const type = await find(apiVersion, kind);
      const scope = type.namespaced ? `/namespaces/${encodeURIComponent(namespace)}` : "";
      return `${versionPath(apiVersion)}${scope}/${type.name}`;
    },
    async isServed(group, version, plural) {
      const list = await request("GET", `/apis/${group}/${version}/${plural}?limit=1`);
      return list.status === 200 && (await isDiscovered(request, group, version, plural));
    },
  };
}

function versionPath(apiVersion: string): string {
  return apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}

async function readTypes(request: KubeRequest, apiVersion: string): Promise<ServedType[]> {
  const answer = await request("GET", versionPath(apiVersion));
  if (answer.status !== 200) return [];
  const { resources } = JSON.parse(answer.body) as { resources: ServedType[] };
  return resources.filter((type) => !type.name.includes("/"));
}

interface DiscoveryList {
  readonly items: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions: readonly {
      readonly version: string;
      readonly resources?: readonly { readonly resource: string }[];
    }[];
  }[];
}

async function isDiscovered(request: KubeRequest, group: string, version: string, plural: string): Promise<boolean> {
  const answer = await request("GET", "/apis", undefined, { accept: aggregated });
  const { items } = JSON.parse(answer.body) as DiscoveryList;
  const versions = items.find((item) => item.metadata.name === group)?.versions ?? [];
  const resources = versions.find((item) => item.version === version)?.resources ?? [];
  return resources.some((item) => item.resource === plural);
}

function notServed(apiVersion: string, kind: string): TestbedError {
  return new TestbedError({
    kind: "refused",
    who: "kube-apiserver",
    operation: `find ${kind} of ${apiVersion}`,
    problem: "the server does not serve it",
    next: "apply its CustomResourceDefinition first",
  });
}
