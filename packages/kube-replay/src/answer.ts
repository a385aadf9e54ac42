import type { ServerResponse } from "node:http";
import { apiVersionOf, type Call, type ResourceType } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { ReplayCatalogue } from "./catalogue.ts";
import { groupList, groupOf, resourceList, typeAt } from "./legacy-discovery.ts";
import { sendList } from "./list.ts";
import { sendObject } from "./object.ts";
import { sendJson, sendStatus } from "./status.ts";

/** One question to the replayed API. */
export interface Question {
  readonly catalogue: ReplayCatalogue;
  readonly url: URL;
  readonly accept: string;
  readonly response: ServerResponse;
  readonly call: Call;
}

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";
const VERSION = { major: "1", minor: "0", gitVersion: "v1.0.0-kubeferry-replay", platform: "snapshot" };

/** Answers one GET, by its path. */
export async function answer(question: Question): Promise<void> {
  const { catalogue, url, response } = question;
  const path = url.pathname.replace(/\/$/, "");
  if (path === "/version") return sendJson(response, 200, JSON.stringify(VERSION));
  if (path === "/healthz" || path === "/readyz" || path === "/livez")
    return sendJson(response, 200, "ok", "text/plain");
  if (path === "/api" || path === "/apis") return sendDiscovery(question, path);
  if (path === "/openapi/v3") return sendOpenApiIndex(question);
  if (path.startsWith("/openapi/")) return sendOpenApi(question, path);
  const place = placeOf(path);
  if (place === undefined) return notFound(response);
  if (place.resource === undefined) {
    const list =
      place.version === undefined
        ? groupOf(catalogue, place.group)
        : resourceList(catalogue, place.group, place.version);
    return list === undefined ? notFound(response) : sendJson(response, 200, JSON.stringify(list));
  }
  await sendResource(question, { ...place, resource: place.resource });
}

/** Where in the API a path points: "/apis/apps/v1/namespaces/shop/deployments/web". */
interface Place {
  readonly group: string;
  readonly version: string | undefined;
  readonly namespace: string | undefined;
  readonly resource: string | undefined;
  readonly name: string | undefined;
}

function placeOf(path: string): Place | undefined {
  const parts = path.split("/").slice(1).map(decodeURIComponent);
  const core = parts[0] === "api";
  if (!core && parts[0] !== "apis") return undefined;
  const [version, ...rest] = parts.slice(core ? 1 : 2);
  const group = core ? "" : (parts[1] ?? "");
  const [scope, namespace, ...inside] = rest;
  // "/api/v1/namespaces/shop" is the namespace itself; with more behind it, "shop" is where the object lives.
  const [resource, name, ...more] = scope === "namespaces" && inside.length > 0 ? inside : rest;
  if (more.length > 0) return undefined;
  return { group, version, resource, name, namespace: inside.length > 0 ? namespace : undefined };
}

async function sendResource(question: Question, place: Place & { resource: string }): Promise<void> {
  const { catalogue, response, url } = question;
  const type = typeAt(catalogue, place.group, place.version ?? "", place.resource);
  if (type === undefined) return notFound(response);
  const refused = ["watch", "labelSelector", "fieldSelector"].find((name) => (url.searchParams.get(name) ?? "") !== "");
  if (refused !== undefined) {
    const message = `${refused} is not served from a snapshot; list everything and choose from that`;
    return sendStatus(response, 400, "BadRequest", message);
  }
  const entry = catalogue.types.get(`${apiVersionOf(type)}/${type.resource}`);
  if (entry === undefined || !wasCaptured(entry)) return notCaptured(response, type, place.name);
  if (place.name === undefined) return sendList(question, entry, place.namespace);
  await sendObject(question, entry, place.namespace, place.name);
}

function wasCaptured(entry: TypeEntry): boolean {
  return entry.captured.status === "read" || entry.objects > 0;
}

/** A type that is served but not in the snapshot was left out on purpose: that is not the same as an empty list. */
function notCaptured(response: ServerResponse, type: ResourceType, name: string | undefined): void {
  const what = name === undefined ? type.resource : `${type.resource} "${name}"`;
  sendStatus(response, 403, "Forbidden", `${what}: this type was not captured in the snapshot`);
}

function notFound(response: ServerResponse): void {
  sendStatus(response, 404, "NotFound", "the server could not find the requested resource");
}

function sendDiscovery({ catalogue, accept, response }: Question, path: string): void {
  const core = path === "/api";
  if (accept.includes("as=APIGroupDiscoveryList")) {
    sendJson(response, 200, core ? catalogue.api : catalogue.apis, AGGREGATED);
  } else {
    const versions = { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
    sendJson(response, 200, JSON.stringify(core ? versions : groupList(catalogue)));
  }
}

function sendOpenApiIndex({ catalogue, response }: Question): void {
  const paths = Object.keys(catalogue.openapi).map((path) => [path.replace(/^\/openapi\/v3\//, ""), path] as const);
  const index = Object.fromEntries(paths.map(([name, path]) => [name, { serverRelativeURL: path }]));
  sendJson(response, 200, JSON.stringify({ paths: index }));
}

function sendOpenApi({ catalogue, url, response }: Question, path: string): void {
  const document = catalogue.openapi[path + url.search] ?? catalogue.openapi[path];
  if (document === undefined) notFound(response);
  else sendJson(response, 200, document);
}
