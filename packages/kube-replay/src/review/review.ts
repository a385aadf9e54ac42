import type { IncomingMessage } from "node:http";
import { isJsonObject, type JsonObject, parseJson, stringifyJson } from "@kubeferry/model";
import type { Question } from "../answer.ts";
import { ReplayError } from "../replay-error.ts";
import { sendJson } from "../status.ts";

/** What is asked by POST and changes nothing: who am I, and what may I do. */
const REVIEWS: Readonly<Record<string, (asked: JsonObject) => JsonObject>> = {
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
  const review = REVIEWS[path];
  const asked = parsed(await bodyOf(request));
  if (review === undefined || asked === undefined) {
    throw new ReplayError("bad-request", "expected the review as a JSON object");
  }
  sendJson(response, 201, stringifyJson(review(asked)));
}

/** Everything may be read, and nothing changed. */
function accessReview(asked: JsonObject): JsonObject {
  const spec = isJsonObject(asked.spec) ? asked.spec : {};
  const { resourceAttributes: resource, nonResourceAttributes: path } = spec;
  const { verb } = isJsonObject(resource) ? resource : isJsonObject(path) ? path : {};
  const allowed = typeof verb === "string" && READING.includes(verb);
  const status = allowed ? { allowed } : { allowed, reason: "a snapshot can be read, not changed" };
  return { kind: "SelfSubjectAccessReview", apiVersion: "authorization.k8s.io/v1", metadata: {}, spec, status };
}

function rulesReview(asked: JsonObject): JsonObject {
  return {
    kind: "SelfSubjectRulesReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec: isJsonObject(asked.spec) ? asked.spec : {},
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

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_BODY_BYTES) throw new ReplayError("too-large", "a review is not that large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value = parseJson(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
