import type { ServerResponse } from "node:http";
import { apiVersionOf } from "@kubeferry/model";
import type { TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "../answer.ts";
import { chooseForm } from "../form/choose-form.ts";
import type { Form } from "../form/form.ts";
import { ReplayError } from "../replay-error.ts";
import { type ChosenObjects, chooseObjects } from "./chosen-objects.ts";
import { writeOut } from "./write-out.ts";

/** As long as API servers let a watch last at least. */
const DEFAULT_SECONDS = 1_800;
const MAX_SECONDS = 86_400;
/** By this annotation of a bookmark clients know that they have had everything that was there before. */
const INITIAL_EVENTS_END = "k8s.io/initial-events-end";

/**
 * Answers a watch: what is there (when it is asked from no revision, or with `sendInitialEvents`), a bookmark where
 * they are allowed, and then nothing, because nothing happens in a snapshot: it stays open until its time is over or
 * the client leaves.
 * @throws ReplayError as `chooseObjects` and `chooseForm` do, before anything is sent
 */
export async function sendWatch(question: Question, type: TypeEntry, namespace: string | undefined): Promise<void> {
  const { url, response, request } = question;
  const query = url.searchParams;
  const endsMs = Date.now() + secondsOf(query) * 1_000;
  const form = await chooseForm(question, type);
  const objects = await chooseObjects(question, type, namespace);
  response.writeHead(200, { "content-type": form.contentType });
  if (request.method === "HEAD") return void response.end();
  response.flushHeaders();
  const initial = query.get("sendInitialEvents") === "true";
  const fromNothing = ["", "0"].includes(query.get("resourceVersion") ?? "");
  if (initial || (fromNothing && query.get("sendInitialEvents") !== "false")) await sendAll(response, form, objects);
  if (query.get("allowWatchBookmarks") === "true") await sendBookmark(question, type, form, initial);
  await closed(response, endsMs - Date.now());
  response.end();
}

async function sendAll(response: ServerResponse, form: Form, objects: ChosenObjects): Promise<void> {
  for await (const { line } of objects.behind("")) await writeOut(response, form.event("ADDED", line));
}

async function sendBookmark(
  { response, catalogue }: Question,
  type: TypeEntry,
  form: Form,
  initial: boolean,
): Promise<void> {
  const annotations = initial ? { annotations: { [INITIAL_EVENTS_END]: "true" } } : {};
  const metadata = { resourceVersion: catalogue.resourceVersion, ...annotations };
  const bookmark = { kind: type.kind, apiVersion: apiVersionOf(type), metadata };
  await writeOut(response, form.event("BOOKMARK", Buffer.from(JSON.stringify(bookmark))));
}

function secondsOf(query: URLSearchParams): number {
  const seconds = Number(query.get("timeoutSeconds") ?? DEFAULT_SECONDS);
  if (!Number.isInteger(seconds) || seconds < 0) {
    throw new ReplayError("bad-request", "timeoutSeconds must be a whole number");
  }
  return Math.min(seconds === 0 ? DEFAULT_SECONDS : seconds, MAX_SECONDS);
}

/** Until the client has left, or the time is over. */
function closed(response: ServerResponse, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      response.off("close", done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(waitMs, 0));
    response.once("close", done);
    if (response.destroyed) done();
  });
}
