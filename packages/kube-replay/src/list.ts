import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { apiVersionOf, compareUtf8, type ObjectKey } from "@kubeferry/model";
import type { Snapshot, TypeEntry } from "@kubeferry/snapshot";
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

type SegmentObject = Awaited<ReturnType<Snapshot["segmentObjects"]>>[number];

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

async function* objectsAfter({ catalogue, call }: Question, type: TypeEntry, page: Page): AsyncIterable<SegmentObject> {
  const inside = page.namespace === undefined ? "" : `${page.namespace}/`;
  for (const segment of type.segments) {
    // A page begins where the one before ended: what lies before it is not read again.
    if (page.after !== "" && compareUtf8(segment.last, page.after) <= 0) continue;
    for (const object of await catalogue.snapshot.segmentObjects(segment, call)) {
      if (!object.key.startsWith(inside)) continue;
      if (page.after === "" || compareUtf8(object.key, page.after) > 0) yield object;
    }
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
