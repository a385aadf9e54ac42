import type { Question } from "../answer.ts";
import { ReplayError } from "../replay-error.ts";
import { sendJson } from "../status.ts";

/** The index of the OpenAPI documents that the snapshot holds. */
export function sendOpenApiIndex({ catalogue, response }: Question): void {
  const paths = Object.keys(catalogue.openapi).map((path) => [path.replace(/^\/openapi\/v3\//, ""), path] as const);
  const index = Object.fromEntries(paths.map(([name, path]) => [name, { serverRelativeURL: path }]));
  sendJson(response, 200, JSON.stringify({ paths: index }));
}

/** One of them, as it was stored. OpenAPI v2 is not in a snapshot: kubectl asks for v3 first. @throws ReplayError "not-found" */
export function sendOpenApi({ catalogue, url, response }: Question, path: string): void {
  const document = catalogue.openapi[path + url.search] ?? catalogue.openapi[path];
  if (document === undefined) throw new ReplayError("not-found", "this OpenAPI document is not in the snapshot");
  sendJson(response, 200, document);
}
