import type { IncomingMessage, ServerResponse } from "node:http";
import { apiVersionOf, type Call, type ResourceType, typeName } from "@kubeferry/model";
import { type ReplayCatalogue, takenAs } from "./catalogue.ts";
import { groupList, groupOf, resourceList, typeAt } from "./discover/legacy-discovery.ts";
import { sendOpenApi, sendOpenApiIndex } from "./discover/open-api.ts";
import { wishesOf } from "./form/accept.ts";
import { sendList } from "./read/list.ts";
import { sendObject } from "./read/object.ts";
import { sendWatch } from "./read/watch.ts";
import { ReplayError } from "./replay-error.ts";
import { type Place, placeOf } from "./request-path.ts";
import { isReview, sendReview } from "./review/review.ts";
import { leftOut, standingOf } from "./standing.ts";
import { addWarnings, sendJson } from "./status.ts";

/** One question to the replayed API. */
export interface Question {
  readonly catalogue: ReplayCatalogue;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly call: Call;
}

const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

/** Answers one request, by its method and path. @throws ReplayError for what is refused */
export async function answer(question: Question): Promise<void> {
  const { catalogue, url, request, response } = question;
  const path = url.pathname.replace(/\/$/, "");
  if (request.method === "POST" && isReview(path)) return sendReview(question, path);
  if (request.method !== "GET" && request.method !== "HEAD") {
    response.setHeader("allow", "GET, HEAD");
    throw new ReplayError("not-allowed", `this is ${takenAs(catalogue)}: it can be read, not changed`);
  }
  if (path === "/version") return sendJson(response, 200, JSON.stringify(catalogue.version));
  if (path === "/healthz" || path === "/readyz" || path === "/livez") {
    return sendJson(response, 200, "ok", "text/plain");
  }
  if (path === "/api" || path === "/apis") return sendDiscovery(question, path);
  if (path === "/openapi/v3") return sendOpenApiIndex(question);
  if (path.startsWith("/openapi/")) return sendOpenApi(question, path);
  const place = placeOf(path);
  if (place === undefined) throw unknownPath();
  if (place.resource === undefined) return sendGroup(question, place);
  await sendResource(question, { ...place, resource: place.resource });
}

function sendGroup({ catalogue, response }: Question, { group, version }: Place): void {
  const list = version === undefined ? groupOf(catalogue, group) : resourceList(catalogue, group, version);
  if (list === undefined) throw unknownPath();
  sendJson(response, 200, JSON.stringify(list));
}

async function sendResource(question: Question, place: Place & { resource: string }): Promise<void> {
  const { catalogue, response, url } = question;
  const type = typeAt(catalogue, place.group, place.version ?? "", place.resource);
  if (type === undefined) throw unknownPath();
  if (place.subresource !== undefined && place.subresource !== "status") throw unknownPart(type, place);
  const entry = catalogue.types.get(`${apiVersionOf(type)}/${type.resource}`);
  const standing = standingOf(catalogue, entry);
  if (entry === undefined || standing.state === "left-out") throw leftOut(catalogue, type);
  if (standing.state === "unread") throw new ReplayError("unavailable", standing.problem);
  addWarnings(response, standing.warnings);
  if (place.name !== undefined) return sendObject(question, entry, place.namespace, place.name);
  if (isTrue(url.searchParams.get("watch"))) return sendWatch(question, entry, place.namespace);
  await sendList(question, entry, place.namespace);
}

/** A status is served with its whole object, as an API server does it; there are no other parts in a snapshot. */
function unknownPart(type: ResourceType, place: Place): ReplayError {
  const what = place.subresource === "log" ? "logs are" : `${place.subresource} is`;
  return new ReplayError("not-found", `${typeName(type)} "${place.name}": ${what} not in a snapshot`);
}

function unknownPath(): ReplayError {
  return new ReplayError("not-found", "the server could not find the requested resource");
}

function sendDiscovery({ catalogue, request, response }: Question, path: string): void {
  const core = path === "/api";
  const aggregated = wishesOf(request.headers.accept).some(
    ({ as }) => as?.kind === "APIGroupDiscoveryList" && as.version === "v2",
  );
  const versions = { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] };
  if (aggregated) sendJson(response, 200, core ? catalogue.api : catalogue.apis, AGGREGATED);
  else sendJson(response, 200, JSON.stringify(core ? versions : groupList(catalogue)));
}

function isTrue(value: string | null): boolean {
  return value === "true" || value === "1";
}
