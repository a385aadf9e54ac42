import { KubeferryError } from "@kubeferry/model";

/** Why a request is not answered with what it asked for; each is one code and reason of a Kubernetes Status. */
export type ReplayErrorKind = keyof typeof STATUS_OF_KIND;

/** Code and reason as a real API server gives them. */
export const STATUS_OF_KIND = {
  "bad-request": { code: 400, reason: "BadRequest" },
  unauthorized: { code: 401, reason: "Unauthorized" },
  forbidden: { code: 403, reason: "Forbidden" },
  "not-found": { code: 404, reason: "NotFound" },
  "not-allowed": { code: 405, reason: "MethodNotAllowed" },
  "not-acceptable": { code: 406, reason: "NotAcceptable" },
  expired: { code: 410, reason: "Expired" },
  "too-large": { code: 413, reason: "RequestEntityTooLarge" },
  unavailable: { code: 503, reason: "ServiceUnavailable" },
} as const;

/** A request that is refused. The client gets `problem` as the Status' message. */
export class ReplayError extends KubeferryError<ReplayErrorKind> {
  constructor(kind: ReplayErrorKind, problem: string) {
    super({ kind, who: "replay", operation: "answer a request", problem });
  }
}
