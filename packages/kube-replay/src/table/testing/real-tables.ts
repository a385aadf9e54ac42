import {
  apiVersionOf,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  parseJson,
  type ResourceType,
} from "@kubeferry/model";
import type { KubeApi } from "@kubeferry/testbed";
import { objects, text, texts } from "../fields.ts";

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** A Table as the API server sent it. */
export interface RealTable {
  readonly columnDefinitions: readonly JsonObject[];
  readonly rows: readonly JsonObject[];
  /** One moment for each age that was true while it was made. */
  readonly moments: readonly Date[];
}

/** Asks the API server for all objects of a type as a table. */
export async function realTable(kube: KubeApi, type: ResourceType, includeObject: string): Promise<RealTable> {
  const before = Date.now();
  const document = await get(kube, `${pathOf(type)}?includeObject=${includeObject}`, "as=Table;v=v1;g=meta.k8s.io");
  const moments = momentsBetween(before, Date.now());
  return { columnDefinitions: objects(document, "columnDefinitions"), rows: objects(document, "rows"), moments };
}

/** Every type and version that the API server lists. */
export async function listedTypes(kube: KubeApi): Promise<ResourceType[]> {
  const documents = [await get(kube, "/api", AGGREGATED), await get(kube, "/apis", AGGREGATED)];
  return documents.flatMap((document) =>
    objects(document, "items").flatMap((group) =>
      objects(group, "versions").flatMap((version) =>
        objects(version, "resources")
          .filter((resource) => texts(resource, "verbs").includes("list"))
          .map((resource) => ({
            group: text(group, "metadata", "name"),
            version: text(version, "version"),
            resource: text(resource, "resource"),
            kind: text(resource, "responseKind", "kind"),
            namespaced: resource.scope === "Namespaced",
            verbs: texts(resource, "verbs"),
          })),
      ),
    ),
  );
}

function pathOf(type: ResourceType): string {
  return `/${type.group === "" ? "api" : "apis"}/${apiVersionOf(type)}/${type.resource}`;
}

async function get(kube: KubeApi, path: string, accept: string): Promise<JsonObject> {
  const type = accept.startsWith("application/") ? accept : `application/json;${accept}`;
  const answer = await kube.request("GET", path, undefined, { accept: type });
  const document: JsonValue = parseJson(answer.body);
  if (answer.status !== 200 || !isJsonObject(document)) throw new Error(`GET ${path}: ${answer.status} ${answer.body}`);
  return document;
}

/** The two ends and what lies between: an age holds for at least a second, so one of these is in it. */
function momentsBetween(from: number, to: number): Date[] {
  const between = Array.from({ length: Math.floor((to - from) / 500) }, (_, index) => from + (index + 1) * 500);
  return [from, ...between, to].map((time) => new Date(time));
}
