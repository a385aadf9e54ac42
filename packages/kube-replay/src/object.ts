import { compareUtf8, type ObjectKey, objectKey } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "./answer.ts";
import { sendJson, sendStatus } from "./status.ts";

/** Answers a GET of one object with its captured bytes; 403 when they are encrypted, which is not the same as 404. */
export async function sendObject(
  question: Question,
  type: TypeEntry,
  namespace: string | undefined,
  name: string,
): Promise<void> {
  const { response } = question;
  const wanted = objectKey(type.namespaced ? namespace : undefined, name);
  const found = await find(question, type, wanted);
  if (found !== "absent" && found !== "sealed") return sendJson(response, 200, found.toString("utf8"));
  const what = `${type.group === "" ? type.resource : `${type.resource}.${type.group}`} "${name}"`;
  if (found === "absent") return sendStatus(response, 404, "NotFound", `${what} not found`);
  const message = `${what} is encrypted in this snapshot; set encryption.identities to read it`;
  sendStatus(response, 403, "Forbidden", message);
}

async function find(
  { catalogue, call }: Question,
  { segments }: TypeEntry,
  wanted: ObjectKey,
): Promise<Buffer | "absent" | "sealed"> {
  const { snapshot } = catalogue;
  // At most two: an open segment, and the encrypted one beside it.
  const spanning = segments.filter(
    ({ first, last }) => compareUtf8(first, wanted) <= 0 && compareUtf8(wanted, last) <= 0,
  );
  for (const segment of spanning) {
    const states = await snapshot.segmentStates(segment, call);
    if (!states.some(({ key }) => key === wanted)) continue;
    if (!snapshot.isReadable(segment)) return "sealed";
    const objects = await snapshot.segmentObjects(segment, call);
    return objects.find(({ key }) => key === wanted)?.line ?? "absent";
  }
  return "absent";
}
