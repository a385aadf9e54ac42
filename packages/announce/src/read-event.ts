import { z } from "zod";
import { AnnounceError } from "./announce-error.ts";
import { type BackupCompletedEvent, eventSchema } from "./backup-completed.ts";
import { type ReceiverCheckEvent, receiverCheckSchema } from "./receiver-check.ts";
import type { CallHeaders } from "./verify.ts";

/** Media type of an event whose attributes stand in the body. */
const STRUCTURED = "application/cloudevents+json";

/** What a call may say. */
export type CallEvent = BackupCompletedEvent | ReceiverCheckEvent;

const callSchema = z.discriminatedUnion("type", [eventSchema, receiverCheckSchema]);

/**
 * Reads the event of a call: in structured mode all of it is the body, in binary mode the body is its data and the rest
 * stands in `ce-` headers.
 * @throws AnnounceError "event" for anything else, and for another event
 * @see CloudEvents 1.0, HTTP protocol binding, sections 3.1 and 3.2
 */
export function readEvent(headers: CallHeaders, body: Uint8Array): CallEvent {
  const mediaType = textOf(headers, "content-type").split(";")[0]?.trim().toLowerCase();
  if (mediaType === STRUCTURED) return checked(parsed(body));
  if (mediaType === "application/json" && headers["ce-specversion"] !== undefined)
    return checked({ ...attributesIn(headers), datacontenttype: mediaType, data: parsed(body) });
  throw notUnderstood(`expected content-type ${STRUCTURED}, or application/json with ce- headers`);
}

function checked(event: unknown): CallEvent {
  const result = callSchema.safeParse(event);
  if (result.success) return result.data;
  const [first] = result.error.issues;
  // The path alone: a value came from outside and stands in no message.
  throw notUnderstood(`${first?.path.join(".") || "the event"} is not as the schema says`);
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch {
    throw notUnderstood("the body is no JSON");
  }
}

function attributesIn(headers: CallHeaders): Record<string, string> {
  const attributes = Object.keys(headers).filter((name) => name.startsWith("ce-"));
  return Object.fromEntries(attributes.map((name) => [name.slice("ce-".length), decoded(textOf(headers, name))]));
}

function textOf(headers: CallHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

/** Such headers are percent-encoded where a header could not hold them. */
function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

function notUnderstood(problem: string): AnnounceError {
  return new AnnounceError({
    kind: "event",
    who: "webhook",
    operation: "read a backup-complete event",
    problem,
    next: "see docs/reference/backup-completed.schema.json",
  });
}
