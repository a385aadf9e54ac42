import type { Dispatcher } from "undici";
import { z } from "zod";
import { KubeError, type KubeErrorKind } from "../kube-error.ts";
import { readWhole } from "./answer-body.ts";
import type { AnswerBody, KubeRequest } from "./kube-http.ts";
import { writeRefusal } from "./write-refusal.ts";

/** A refusal names every field that is wrong. */
const MAX_WORDS = { read: 300, write: 1_000 };
const MAX_STATUS_BYTES = 256 * 1024;

/** What the API server says when it refuses; everything else of a body stays unread. */
const Status = z.object({
  kind: z.literal("Status"),
  reason: z.string().optional(),
  message: z.string().optional(),
  details: z
    .object({
      name: z.string().optional(),
      causes: z.array(z.object({ reason: z.string().optional() })).optional(),
    })
    .optional(),
  metadata: z.object({ continue: z.string().optional() }).optional(),
});

/** Turns an answer that is not 2xx into the error to throw. */
export async function answerError(
  request: KubeRequest,
  { statusCode, headers }: Dispatcher.ResponseData,
  body: AnswerBody,
): Promise<KubeError> {
  const status = await readStatus(body, request.operation);
  const kind = writeRefusal(request, statusCode, status) ?? kindOf(statusCode);
  return new KubeError({
    kind,
    who: "kube",
    operation: request.operation,
    problem: problemOf(request, statusCode, status),
    ...nextStep(kind, request),
    status: statusCode,
    absent: statusCode === 404 ? status?.details?.name || undefined : undefined,
    retryAfterMs: retryAfterMs(headers["retry-after"]),
    continueToken: kind === "expired" ? status?.metadata?.continue || undefined : undefined,
  });
}

async function readStatus(body: AnswerBody, operation: string): Promise<z.infer<typeof Status> | undefined> {
  try {
    const bytes = await readWhole(body, operation, MAX_STATUS_BYTES);
    return Status.safeParse(JSON.parse(bytes.toString("utf8"))).data;
  } catch {
    // No Status of an API server: a proxy's page, or cut off. The number has to do.
    return undefined;
  }
}

function kindOf(statusCode: number): KubeErrorKind {
  switch (statusCode) {
    case 401:
      return "unauthorized";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 410:
      return "expired";
    case 429:
      return "rate-limited";
    case 408:
      return "unavailable";
    default:
      return statusCode >= 500 ? "unavailable" : "invalid";
  }
}

function problemOf({ send }: KubeRequest, statusCode: number, status: z.infer<typeof Status> | undefined): string {
  const words = [status?.reason, status?.message].filter((text) => text !== undefined && text !== "").join(": ");
  const told = send?.secret === true ? words.replace(/"(?:[^"\\]|\\.)*"/gs, '"…"') : words;
  const clean = told.replace(/\p{Cc}+/gu, " ").trim();
  const limit = send === undefined ? MAX_WORDS.read : MAX_WORDS.write;
  const cut = clean.length > limit ? `${clean.slice(0, limit)}…` : clean;
  return `the server answered ${statusCode}${cut === "" ? "" : ` (${cut})`}`;
}

function nextStep(kind: KubeErrorKind, { whenForbidden, whenMissing }: KubeRequest): { next?: string } {
  switch (kind) {
    case "unauthorized":
      return { next: "log in again: the token or certificate is wrong or has ended" };
    case "forbidden":
      return { next: `${whenForbidden ?? "check the ClusterRole of this user or service account"}` };
    case "not-found":
      return { next: whenMissing ?? "it is not served any more, or was never there" };
    case "conflict":
      return { next: "look at the object again: somebody else has changed it, or holds fields of it" };
    case "refused":
      return { next: "the object has to change, or what refuses it" };
    case "terminating":
      return { next: "wait until its namespace is gone, and find out what its finalizers wait for" };
    case "expired":
      return { next: "list again from the start" };
    case "rate-limited":
      return { next: "run again later, or with fewer requests at once" };
    case "unavailable":
      return { next: "run again when the API server, or the service behind this API group, is well" };
    default:
      return {};
  }
}

/** @see RFC 9110, Retry-After; the API server sends seconds, proxies may send a date. */
function retryAfterMs(header: string | string[] | undefined): number | undefined {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined || !/^\d{1,6}$/.test(text.trim())) return undefined;
  return Number(text) * 1_000;
}
