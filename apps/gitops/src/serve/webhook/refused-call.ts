import { AnnounceError } from "@kubeferry/announce";

/** Why a call is refused: for the log, and for whoever counts. */
export type RefusalReason = "too-many" | "too-large" | "unsigned" | "forged" | "late" | "replayed" | "event";

/** A call that is not taken, as it is answered. Its message is one sentence that holds nothing of the call. */
export class RefusedCall extends Error {
  readonly status: number;
  readonly reason: RefusalReason;

  constructor(status: number, reason: RefusalReason, problem: string) {
    super(problem);
    this.name = "RefusedCall";
    this.status = status;
    this.reason = reason;
  }
}

/** An error of checking or reading a call, as it is answered; undefined for one that is nobody's fault outside. */
export function refusalOf(error: unknown): RefusedCall | undefined {
  if (error instanceof RefusedCall) return error;
  if (!(error instanceof AnnounceError)) return undefined;
  const { kind, problem } = error;
  if (kind === "unsigned" || kind === "forged" || kind === "late") return new RefusedCall(401, kind, problem);
  return kind === "event" ? new RefusedCall(400, kind, problem) : undefined;
}
