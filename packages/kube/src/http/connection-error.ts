import type { Call } from "@kubeferry/model";
import { KubeError } from "../kube-error.ts";

/** Codes of Node's TLS for a server that does not prove who it is; no later try changes them. */
const TRUST = /^(UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|CERT_|ERR_TLS_|INVALID_CA|HOSTNAME_MISMATCH|ERR_OSSL_)/;

/** A request that came to nothing. */
export interface LostRequest {
  readonly operation: string;
  readonly server: string;
  readonly cause: unknown;
  /** Nothing came back; otherwise the answer broke off. */
  readonly noAnswer: boolean;
}

/**
 * What to throw for a request without a whole answer.
 * @returns the caller's own reason when the caller stopped the request
 */
export function connectionError({ operation, server, cause, noAnswer }: LostRequest, call: Call): unknown {
  if (call.signal.aborted) return call.signal.reason;
  if (cause instanceof KubeError) return cause;
  const code = codeOf(cause);
  if (TRUST.test(code)) {
    return new KubeError({
      kind: "config",
      who: "kube",
      operation,
      problem: `no safe connection to ${server} (${code})`,
      next: "check certificate-authority-data, tls-server-name and the client certificate in the kubeconfig",
      cause,
    });
  }
  return new KubeError({
    kind: "unavailable",
    who: "kube",
    operation,
    problem: `no whole answer from ${server} (${code})`,
    next: "check that the API server runs and can be reached from here",
    unanswered: noAnswer ? "no-answer" : undefined,
    cause,
  });
}

/** The messages of connections are not passed on: some quote headers. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return "unknown";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
