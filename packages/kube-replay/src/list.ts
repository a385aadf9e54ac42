import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { apiVersionOf, compareUtf8, type ObjectKey } from "@kubeferry/model";
import type { ReadableObject, TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "./answer.ts";
import { sendStatus } from "./status.ts";

/** Streams a LIST: one segment in memory at a time, the bytes of its objects as captured. */
export async function sendList(question: Question, type: TypeEntry, namespace: string | undefined): Promise<void> {
  const { url, response, catalogue } = question;
  const limit = Number(url.searchParams.get("limit") ?? "0");
  const after = afterKey(url.searchParams.get("continue") ?? "");
  if (!Number.isInteger(limit) || limit < 0 || after === undefined) {
    return sendStatus(
      response,
      400,
      "BadRequest",
      "limit must be a whole number, continue must come from an earlier page",
    );
  }
  const hidden = hiddenIn(question, type, namespace);
  if (hidden > 0) return refuseSealed(response, type, hidden);
  response.writeHead(200, { "content-type": "application/json" });
  const head = { kind: `${type.kind}List`, apiVersion: apiVersionOf(type) };
  await write(response, `${JSON.stringify(head).slice(0, -1)},"items":[`);
  const last = await writeItems(question, type, { namespace, limit, after });
  const metadata = {
    resourceVersion: catalogue.resourceVersion,
    ...(last === undefined ? {} : { continue: tokenOf(last) }),
  };
  response.end(`],"metadata":${JSON.stringify(metadata)}}`);
}

/**
 * How many objects are in segments that could hold some of the namespace, and that cannot be opened. A list without them
 * would say that they are gone.
 */
function hiddenIn({ catalogue }: Question, type: TypeEntry, namespace: string | undefined): number {
  const from = namespace === undefined ? "" : `${namespace}/`;
  // "0" comes behind "/": no key of the namespace does.
  const to = namespace === undefined ? undefined : `${namespace}0`;
  return type.segments
    .filter((segment) => !catalogue.snapshot.isReadable(segment))
    .filter(({ last }) => compareUtf8(last, from) >= 0)
    .filter(({ first }) => to === undefined || compareUtf8(first, to) < 0)
    .reduce((total, { objects }) => total + objects, 0);
}

function refuseSealed(response: ServerResponse, type: TypeEntry, objects: number): void {
  const message = `${objects} ${type.resource} are encrypted in this snapshot; set encryption.identities to read them`;
  sendStatus(response, 403, "Forbidden", message);
}

interface Page {
  readonly namespace: string | undefined;
  readonly limit: number;
  readonly after: string;
}

/** @returns the last key written when there is more behind it */
async function writeItems(question: Question, type: TypeEntry, page: Page): Promise<ObjectKey | undefined> {
  let count = 0;
  let last: ObjectKey | undefined;
  for await (const object of objectsAfter(question, type, page)) {
    if (page.limit > 0 && count === page.limit) return last;
    await write(question.response, count === 0 ? "" : ",");
    await write(question.response, object.line);
    last = object.key;
    count++;
  }
  return undefined;
}

async function* objectsAfter(
  { catalogue, call }: Question,
  type: TypeEntry,
  page: Page,
): AsyncIterable<ReadableObject> {
  const inside = page.namespace === undefined ? "" : `${page.namespace}/`;
  // A page begins where the one before ended: what lies before it is not read again.
  for await (const object of catalogue.snapshot.objectsOf(type, page.after, call)) {
    if (object.readable && object.key.startsWith(inside)) yield object;
  }
}

/** Waits while the client reads; one that has gone away ends the wait, and with it the answer. */
async function write(response: ServerResponse, chunk: string | Uint8Array): Promise<void> {
  if (chunk.length === 0 || response.write(chunk)) return;
  const gone = new AbortController();
  const leave = (): void => gone.abort(new Error("the client went away"));
  if (response.destroyed) leave();
  response.once("close", leave);
  try {
    await once(response, "drain", { signal: gone.signal });
  } finally {
    response.off("close", leave);
  }
}

function tokenOf(key: ObjectKey): string {
  return Buffer.from(key, "utf8").toString("base64url");
}

function afterKey(token: string): string | undefined {
  return /^[A-Za-z0-9_-]*$/.test(token) ? Buffer.from(token, "base64url").toString("utf8") : undefined;
}
