import type { IncomingMessage } from "node:http";
import { isJsonObject, type JsonObject, type JsonValue, parseJson, stringifyJson, textAt } from "@kubeferry/model";
import type { Question } from "../answer.ts";
import { ReplayError } from "../replay-error.ts";
import { sendJson } from "../status.ts";
import { bytesAt, protobufObject } from "./protobuf.ts";

/** What is asked by POST and changes nothing: who am I, and what may I do. */
const REVIEWS: Readonly<Record<string, (body: Buffer) => JsonObject>> = {
  "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews": accessReview,
  "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews": rulesReview,
  "/apis/authentication.k8s.io/v1/selfsubjectreviews": subjectReview,
};

const MAX_BODY_BYTES = 64 * 1024;
const READING = ["get", "list", "watch"];

/** True for a path that is answered although it is posted to. */
export function isReview(path: string): boolean {
  return Object.hasOwn(REVIEWS, path);
}

/** Answers `kubectl auth can-i` and `kubectl auth whoami`. @throws ReplayError "bad-request", "too-large" */
export async function sendReview({ request, response }: Question, path: string): Promise<void> {
  const body = await bodyOf(request);
  const review = REVIEWS[path]?.(body);
  if (review !== undefined) sendJson(response, 201, stringifyJson(review));
}

/** Everything may be read, and nothing changed. @throws ReplayError "bad-request" */
function accessReview(body: Buffer): JsonObject {
  const spec = accessSpecOf(body);
  const verb = textAt(spec, "resourceAttributes", "verb") ?? textAt(spec, "nonResourceAttributes", "verb") ?? "";
  const allowed = READING.includes(verb);
  const status = allowed ? { allowed } : { allowed, reason: "a snapshot can be read, not changed" };
  return { kind: "SelfSubjectAccessReview", apiVersion: "authorization.k8s.io/v1", metadata: {}, spec, status };
}

/** Field numbers of a review's spec in protobuf, and of what is asked for in it. */
const SPEC = 2;
const ASKED = { resourceAttributes: { field: 1, verb: 2 }, nonResourceAttributes: { field: 2, verb: 2 } } as const;

function accessSpecOf(body: Buffer): JsonObject {
  const object = protobufObject(body);
  if (object === undefined) return specOf(parsed(body));
  const spec: JsonObject = {};
  for (const [name, { field, verb }] of Object.entries(ASKED)) {
    const found = bytesAt(object, SPEC, field, verb);
    if (found !== undefined) spec[name] = { verb: found.toString("utf8") };
  }
  return spec;
}

function specOf(asked: JsonObject): JsonObject {
  return isJsonObject(asked.spec) ? asked.spec : {};
}

function rulesReview(): JsonObject {
  return {
    kind: "SelfSubjectRulesReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec: {},
    status: {
      resourceRules: [{ verbs: READING, apiGroups: ["*"], resources: ["*"] }],
      nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["*"] }],
      incomplete: false,
    },
  };
}

function subjectReview(): JsonObject {
  return {
    kind: "SelfSubjectReview",
    apiVersion: "authentication.k8s.io/v1",
    metadata: {},
    status: { userInfo: { username: "snapshot-reader", groups: ["system:authenticated"] } },
  };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new ReplayError("too-large", "a review is not that large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parsed(body: Buffer): JsonObject {
  const value = jsonOf(body);
  if (isJsonObject(value)) return value;
  throw new ReplayError("bad-request", "expected the review as a JSON object");
}

function jsonOf(body: Buffer): JsonValue | undefined {
  try {
    return parseJson(body.toString("utf8"));
  } catch {
    return undefined;
  }
}
