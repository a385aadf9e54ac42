import { type ErrorParts, KubeferryError } from "@kubeferry/model";

/**
 * - "config": what is configured does not let it serve
 * - "port-taken": another program listens there
 * - "unavailable": the address cannot be listened on
 * - "tls": certificate, key or authorities cannot be used
 */
export type ServeErrorKind = "config" | "port-taken" | "unavailable" | "tls";

/** Why the receiver cannot begin. A single run that fails is in its list of runs, and ends nothing. */
export class ServeError extends KubeferryError<ServeErrorKind> {
  constructor(parts: Omit<ErrorParts<ServeErrorKind>, "who">) {
    super({ ...parts, who: "serve" });
  }
}
