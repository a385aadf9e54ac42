import { compareUtf8, objectKey } from "@kubeferry/model";
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
  const segment = type.segments.find(
    ({ first, last }) => compareUtf8(first, wanted) <= 0 && compareUtf8(wanted, last) <= 0,
  );
  const objects = segment === undefined ? [] : await catalogue.snapshot.segmentObjects(segment, call);
  const found = objects.find(({ key }) => key === wanted);
  if (found !== undefined) return sendJson(response, 200, found.line.toString("utf8"));
  const what = type.group === "" ? type.resource : `${type.resource}.${type.group}`;
  sendStatus(response, 404, "NotFound", `${what} "${name}" not found`);
}
