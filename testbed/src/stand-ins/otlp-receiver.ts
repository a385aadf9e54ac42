import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { z } from "zod";

/** One span as a receiver gets it, in the fields that tests ask for. */
interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly failed: boolean;
  readonly links: readonly string[];
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** Stands in for an OpenTelemetry Collector: takes OTLP over HTTP in JSON, as its protocol describes it. */
export interface OtlpReceiver {
  /** "http://127.0.0.1:4318" */
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Attributes of the process that sent last. */
  readonly resource: Readonly<Record<string, unknown>>;
  readonly headers: IncomingHttpHeaders;
  /** All that came in, as text. */
  text(): string;
  close(): void;
}

const Value = z.record(z.string(), z.unknown()).transform((value) => Object.values(value)[0]);
const Attributes = z
  .array(z.object({ key: z.string(), value: Value }))
  .prefault([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, value])));
const Span = z.object({
  name: z.string(),
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  status: z.object({ code: z.number().optional() }).prefault({}),
  links: z.array(z.object({ traceId: z.string() })).prefault([]),
  attributes: Attributes,
});
const Request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: Attributes }),
      scopeSpans: z.array(z.object({ spans: z.array(Span) })),
    }),
  ),
});

/** Starts one. @param answer the status it answers with; never: it does not answer at all */
export async function otlpReceiver(answer: number | "never" = 200): Promise<OtlpReceiver> {
  const spans: ReceivedSpan[] = [];
  const state = { resource: {}, headers: {} as IncomingHttpHeaders, text: "" };
  const server = createServer(async (request, response) => {
    const body = await json(request);
    state.text += JSON.stringify(body);
    if (answer === "never") return;
    if (answer === 200 && request.url === "/v1/traces") {
      state.headers = request.headers;
      for (const { resource, scopeSpans } of Request.parse(body).resourceSpans) {
        state.resource = resource.attributes;
        spans.push(...scopeSpans.flatMap((scope) => scope.spans.map(received)));
      }
    }
    response.writeHead(request.url === "/v1/traces" ? answer : 404, { "content-type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    get resource() {
      return state.resource;
    },
    get headers() {
      return state.headers;
    },
    text: () => state.text,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function received({
  name,
  traceId,
  spanId,
  parentSpanId,
  status,
  links,
  attributes,
}: z.output<typeof Span>): ReceivedSpan {
  const linked = links.map((link) => link.traceId);
  // 2 is the error among OTLP's status codes.
  return { name, traceId, spanId, parentSpanId, failed: status.code === 2, links: linked, attributes };
}
