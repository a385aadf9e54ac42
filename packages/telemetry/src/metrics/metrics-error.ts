import { KubeferryError } from "@kubeferry/model";

/** "unavailable": no answer. "refused": an answer that says no. "port-taken": another program listens there. */
export type MetricsErrorKind = "unavailable" | "refused" | "port-taken";

/** Why metrics could not be served or pushed; never a reason to end a run. */
export class MetricsError extends KubeferryError<MetricsErrorKind> {}
