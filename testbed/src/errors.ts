/** Why the testbed could not do what it was asked. */
export type TestbedErrorKind =
  | "bad-request"
  | "no-go"
  | "build-failed"
  | "not-built"
  | "not-ready"
  | "died"
  | "locked"
  | "refused"
  | "already-up";

/** What an error of the testbed is made of. */
export interface TestbedErrorParts {
  readonly kind: TestbedErrorKind;
  /** Who speaks: "testbed", or the server that refused. */
  readonly who: string;
  /** What was being done, with its target. */
  readonly operation: string;
  readonly problem: string;
  /** What to do next. */
  readonly next: string;
  readonly cause?: unknown;
}

/**
 * The one error class of the testbed; `bad-request`, `no-go`, `not-built` and `already-up` are the
 * caller's to mend. It reads like the errors of the packages (`who: operation: kind: problem; next`),
 * and is no child of theirs: vitest loads the setup of a run before workspace packages can be resolved.
 */
export class TestbedError extends Error {
  readonly kind: TestbedErrorKind;

  constructor({ kind, who, operation, problem, next, cause }: TestbedErrorParts) {
    super(`${who}: ${operation}: ${kind}: ${problem}; ${next}`, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.kind = kind;
  }
}
