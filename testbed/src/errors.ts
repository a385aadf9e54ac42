import { KubeferryError } from "@kubeferry/model";

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

/** The one error class of the testbed; `bad-request`, `no-go`, `not-built` and `already-up` are the caller's to mend. */
export class TestbedError extends KubeferryError<TestbedErrorKind> {}
