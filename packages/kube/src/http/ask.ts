import type { Buffer } from "node:buffer";
import type { Call } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";
import { readWhole } from "./answer-body.ts";
import type { KubeAnswer, KubeHttp, KubeRequest } from "./kube-http.ts";
import { type Retry, retried } from "./retry.ts";

/** Large enough for any OpenAPI document, small enough for memory. */
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** Asks for one answer and reads it whole, trying again where that can help. @throws KubeError */
export type Ask = (request: KubeRequest, call: Call, maxBytes?: number) => Promise<Buffer>;

/** Makes the asking over a transport. */
export function createAsk(http: KubeHttp, retry: Retry): Ask {
  const exchange = createExchange(http, retry);
  return async (request, call, maxBytes) => (await exchange(request, call, maxBytes)).bytes;
}

/** One answer, whole. */
export interface Exchanged extends Omit<KubeAnswer, "body"> {
  readonly bytes: Buffer;
}

/** As `Ask`, with all of the answer. @throws KubeError */
export type Exchange = (request: KubeRequest, call: Call, maxBytes?: number) => Promise<Exchanged>;

/** Makes the exchanging over a transport. A request that may not be sent twice is not for it. */
export function createExchange(http: KubeHttp, retry: Retry): Exchange {
  return (request, call, maxBytes = DEFAULT_MAX_BYTES) => {
    const once = async () => {
      const { status, warnings, body } = await http.open(request, call);
      return { status, warnings, bytes: await readWhole(body, request.operation, maxBytes) };
    };
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
