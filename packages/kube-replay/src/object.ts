import { objectKey } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "./answer.ts";
import { sendJson, sendStatus } from "./status.ts";

/** Answers a GET of one object with its captured bytes. */
export async function sendObject(
  { catalogue, response, call }: Question,
  type: TypeEntry,
  namespace: string | undefined,
  name: string,
): Promise<void> {
  const wanted = objectKey(type.namespaced ? namespace : undefined, name);
  const sameType = (each: TypeEntry): boolean => each.group === type.group && each.resource === type.resource;
  for await (const object of catalogue.snapshot.objects(sameType, call)) {
    if (object.key === wanted) return sendJson(response, 200, object.line.toString("utf8"));
  }
  const what = type.group === "" ? type.resource : `${type.resource}.${type.group}`;
  sendStatus(response, 404, "NotFound", `${what} "${name}" not found`);
}
