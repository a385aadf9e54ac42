import type { SpanExporter } from "@opentelemetry/sdk-trace";

/** What did not arrive, and why the first of it did not. */
interface Lost {
  readonly spans: number;
  readonly error: Error | undefined;
}

/** An exporter that remembers what it could not send: a batch that fails in the middle of a run fails in silence. */
export function watchedExporter(inner: SpanExporter): { readonly exporter: SpanExporter; lost(): Lost } {
  const state: { spans: number; error: Error | undefined } = { spans: 0, error: undefined };
  return {
    exporter: {
      export(spans, done) {
        // Counted until the answer is there: what is under way when time is over did not arrive either.
        state.spans += spans.length;
        inner.export(spans, (result) => {
          if (result.error === undefined && result.code === 0) state.spans -= spans.length;
          else state.error ??= result.error ?? new Error("the receiver refused them");
          done(result);
        });
      },
      forceFlush: async () => inner.forceFlush?.(),
      shutdown: () => inner.shutdown(),
    },
    lost: () => ({ spans: state.spans, error: state.error }),
  };
}
