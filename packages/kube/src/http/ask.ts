import type { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";
import { readWhole } from "./answer-body.ts";
import type { KubeHttp, KubeRequest } from "./kube-http.ts";
import { type Retry, retried } from "./retry.ts";

/** Large enough for any OpenAPI document, small enough for memory. */
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** Asks for one answer and reads it whole, trying again where that can help. @throws KubeError */
export type Ask = (request: KubeRequest, call: Call, maxBytes?: number) => Promise<Buffer>;

/** Makes the asking over a transport. */
export function createAsk(http: KubeHttp, retry: Retry): Ask {
  return (request, call, maxBytes = DEFAULT_MAX_BYTES) => {
    const once = async () => readWhole(await http.open(request, call), request.operation, maxBytes);
    return retried(once, retry, call);
  };
}

/** Parses an answer. @throws KubeError "invalid" */
export function parseAnswer(bytes: Buffer, operation: string): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    // The parser's words quote the body, so they are not passed on.
    throw new KubeError({ kind: "invalid", who: "kube", operation, problem: "the answer is no JSON" });
  }
}
