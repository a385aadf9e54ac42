import { objectKey } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "../answer.ts";
import { chooseForm } from "../form/choose-form.ts";
import { ReplayError } from "../replay-error.ts";
import { isCertain } from "../standing.ts";
import { sendJson } from "../status.ts";
import { findLine } from "./find-line.ts";

/**
 * Answers a GET of one object.
 * @throws ReplayError "not-found"; "unavailable" for a name that is not among what was seen before its type became
 * unread: it may have been made since; "forbidden" when it is encrypted
 */
export async function sendObject(
  question: Question,
  type: TypeEntry,
  namespace: string | undefined,
  name: string,
): Promise<void> {
  const form = await chooseForm(question, type);
  const key = objectKey(type.namespaced ? namespace : undefined, name);
  const found = await findLine(question.catalogue, type, key, question.call);
  if (Buffer.isBuffer(found)) return sendJson(question.response, 200, form.one(found), form.contentType);
  const what = `${type.group === "" ? type.resource : `${type.resource}.${type.group}`} "${name}"`;
  if (found === "sealed") {
    const next = "set encryption.identities to read it";
    throw new ReplayError("forbidden", `${what} is encrypted in this snapshot; ${next}`);
  }
  if (!isCertain(type)) throw new ReplayError("unavailable", `${what}: not known: its type was not read at this time`);
  throw new ReplayError("not-found", `${what} not found`);
}
