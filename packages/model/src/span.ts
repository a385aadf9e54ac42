import type { Call } from "./call.ts";

/** What is known of a piece of work beside its name; texts, numbers and truths, never an object's content. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** A piece of work in a trace. Ids are made whether or not anybody collects spans. */
export interface Span {
  /** 32 lower-case hex digits, equal for all that one backup leads to. */
  readonly traceId: string;
  /** W3C Trace Context: "00-<trace id>-<span id>-01". What is done elsewhere on behalf of this goes below it. */
  readonly traceparent: string;
  /** Begins a piece of it. */
  child(name: string, attributes?: SpanAttributes): Span;
  set(attributes: SpanAttributes): void;
  /** Ends it; with an error it counts as failed. Later calls are ignored. */
  end(error?: unknown): void;
}

/**
 * Does a piece of work as a span of its own below the call's; without a span in the call it is only done.
 * @param work gets the call that pieces of it go below
 */
export async function inSpan<Result>(
  call: Call,
  name: string,
  attributes: SpanAttributes,
  work: (call: Call, span: Span | undefined) => Promise<Result>,
): Promise<Result> {
  const span = call.span?.child(name, attributes);
  if (span === undefined) return work(call, undefined);
  try {
    const result = await work({ ...call, span }, span);
    span.end();
    return result;
  } catch (error) {
    span.end(error);
    throw error;
  }
}
