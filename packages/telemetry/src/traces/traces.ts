import type { Span, SpanAttributes } from "@kubeferry/model";

/** How a trace of a process begins. */
export interface SpanStart {
  /** W3C `traceparent` of what this is done on behalf of; one that is none begins a new trace. */
  readonly parent?: string | undefined;
  readonly attributes?: SpanAttributes;
  /** Other spans that this has to do with, as `traceparent`s. */
  readonly links?: readonly string[];
}

/** Why spans are not where they should be. */
export interface TracingTrouble {
  /** Where they were sent to. */
  readonly url: string;
  /** How many did not arrive. */
  readonly spans: number;
  readonly error: Error;
}

/** The traces of a process. */
export interface Traces {
  /** Begins the first span of a piece of work. */
  start(name: string, start?: SpanStart): Span;
  /**
   * Sends what is not sent yet. Never throws: nothing is worse for a span that is lost.
   * @param timeoutMs a receiver that does not answer is waited for no longer
   * @returns undefined when every span arrived, or none was to be sent
   */
  close(timeoutMs: number): Promise<TracingTrouble | undefined>;
}
