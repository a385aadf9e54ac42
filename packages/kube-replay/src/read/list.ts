import type { ObjectKey } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "../answer.ts";
import { chooseForm } from "../form/choose-form.ts";
import type { Form } from "../form/form.ts";
import { ReplayError } from "../replay-error.ts";
import { type ChosenObjects, chooseObjects } from "./chosen-objects.ts";
import { checkRevision } from "./revision.ts";
import { writeOut } from "./write-out.ts";

/**
 * Streams a LIST: one segment in memory at a time.
 * @throws ReplayError as `chooseObjects`, `chooseForm` and `checkRevision` do, before anything is sent
 */
export async function sendList(question: Question, type: TypeEntry, namespace: string | undefined): Promise<void> {
  const { url, response, catalogue } = question;
  const page = pageOf(url.searchParams);
  checkRevision(url.searchParams, catalogue);
  const form = await chooseForm(question, type);
  const objects = await chooseObjects(question, type, namespace);
  response.writeHead(200, { "content-type": form.contentType });
  if (question.request.method === "HEAD") return void response.end();
  await writeOut(response, form.open());
  const last = await writeItems(question, form, objects, page);
  const { resourceVersion } = catalogue;
  response.end(form.close({ resourceVersion, ...(last === undefined ? {} : { continue: tokenOf(last) }) }));
}

interface Page {
  /** 0: all. */
  readonly limit: number;
  readonly after: string;
}

function pageOf(query: URLSearchParams): Page {
  const limit = Number(query.get("limit") ?? "0");
  if (!Number.isInteger(limit) || limit < 0) throw new ReplayError("bad-request", "limit must be a whole number");
  return { limit, after: afterKey(query.get("continue") ?? "") };
}

/** @returns the last key written when there is more behind it */
async function writeItems(
  { response }: Question,
  form: Form,
  objects: ChosenObjects,
  { limit, after }: Page,
): Promise<ObjectKey | undefined> {
  let count = 0;
  let last: ObjectKey | undefined;
  for await (const object of objects.behind(after)) {
    if (limit > 0 && count === limit) return last;
    if (count > 0) await writeOut(response, form.separator);
    await writeOut(response, form.item(object.line));
    last = object.key;
    count++;
  }
  return undefined;
}

function tokenOf(key: ObjectKey): string {
  return Buffer.from(key, "utf8").toString("base64url");
}

function afterKey(token: string): string {
  if (/^[A-Za-z0-9_-]*$/.test(token)) return Buffer.from(token, "base64url").toString("utf8");
  throw new ReplayError("bad-request", "continue must come from an earlier page");
}
