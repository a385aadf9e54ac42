import { type ErrorParts, KubeferryError } from "@kubeferry/model";

/**
 * "unordered": a list's items did not come in key order; list again with a map. "expired": list again from the start.
 * Of writes only: "conflict", another one changed the object or holds its fields; "refused", the object is not taken as it
 * is; "terminating", its namespace is being removed. */
export type KubeErrorKind =
  | "config"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "expired"
  | "rate-limited"
  | "unavailable"
  | "unordered"
  | "conflict"
  | "refused"
  | "terminating"
  | "invalid";

/** What a KubeError is made of. */
export interface KubeErrorParts extends ErrorParts<KubeErrorKind> {
  /** The HTTP status, where the server answered at all. */
  readonly status?: number | undefined;
  /**
   * There was not even the beginning of an answer, or nothing was sent because that had happened too often: what is
   * wrong is no matter of this request alone.
   */
  readonly unanswered?: "no-answer" | "not-sent" | undefined;
  /** How long the server asked to be left alone. */
  readonly retryAfterMs?: number | undefined;
  /** With "not-found": the name of what the API server knows the type of and has not; undefined for an unknown type. */
  readonly absent?: string | undefined;
  /** With "expired": a token with which the list can go on from a later revision. */
  readonly continueToken?: string | undefined;
}

/** What a cluster's API answers when it does not do what was asked. */
export class KubeError extends KubeferryError<KubeErrorKind> {
  readonly status: number | undefined;
  readonly unanswered: KubeErrorParts["unanswered"];
  readonly retryAfterMs: number | undefined;
  readonly absent: string | undefined;
  readonly continueToken: string | undefined;

  constructor(parts: KubeErrorParts) {
    super({ ...parts, security: isDenied(parts.kind) ? "api-denied" : parts.security });
    this.status = parts.status;
    this.unanswered = parts.unanswered;
    this.retryAfterMs = parts.retryAfterMs;
    this.absent = parts.absent;
    this.continueToken = parts.continueToken;
  }
}

function isDenied(kind: KubeErrorKind): boolean {
  return kind === "unauthorized" || kind === "forbidden";
}
