import rateLimit from "@fastify/rate-limit";
import { type BackupCompletedEvent, checkCall, RECEIVER_CHECK, readEvent } from "@kubeferry/announce";
import type { Call } from "@kubeferry/model";
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { ServeClock } from "../clock.ts";
import { answerHealth, type Health } from "../health.ts";
import { closeServer } from "../listen/close-server.ts";
import { createListener, type Patience } from "../listen/create-listener.ts";
import { followTlsFiles } from "../listen/follow-tls-files.ts";
import { listen, type Place } from "../listen/listen.ts";
import { readTlsFiles, type TlsFiles } from "../listen/tls-files.ts";
import type { ServeSettings } from "../settings.ts";
import type { CallCounts } from "./call-counts.ts";
import { readBody } from "./read-body.ts";
import { createRefusalLog, type RefusalLog } from "./refusal-log.ts";
import { RefusedCall, refusalOf } from "./refused-call.ts";
import { createSeenCalls, type SeenCalls } from "./seen-calls.ts";
import { createProxyTrust, senderOf } from "./sender.ts";

/** Where backups call. */
export const CALL_PATH = "/v1/backup-complete";

/** What the webhook is made of. */
export interface WebhookOptions {
  readonly place: Place;
  readonly tls?: TlsFiles;
  readonly current: () => ServeSettings;
  readonly health: Health;
  readonly clock: ServeClock;
  readonly patience?: Patience;
  /** How often certificate files are looked at. */
  readonly tlsEveryMs?: number;
  /** Called once for each call, however often it is sent. */
  readonly onCall: (event: BackupCompletedEvent) => void;
  readonly counts: CallCounts;
}

/** A listener that is open. */
export interface OpenListener {
  /** "https://0.0.0.0:8443" */
  readonly url: string;
  /** Takes nothing new, and lets what is under way end. */
  close(): Promise<void>;
}

/**
 * Opens what backups call: one path for calls, two for health, and nothing else.
 * @param call its signal ends what goes on beside requests
 * @throws ServeError
 */
export async function openWebhook(options: WebhookOptions, call: Call): Promise<OpenListener> {
  const { tls: files, clock, place, patience, tlsEveryMs } = options;
  const material = files === undefined ? undefined : await readTlsFiles(files);
  const refusals = createRefusalLog(call.log, clock, call.signal);
  const app = fastify({
    logger: false,
    trustProxy: createProxyTrust(() => options.current().trustedProxies),
    serverFactory: (handler) => {
      const onClientRefused = (from: string, reason: string) => refusals.say({ event: "client-refused", reason, from });
      const { server, tls } = createListener(handler, {
        onClientRefused,
        ...(material === undefined ? {} : { tls: material }),
        ...(patience === undefined ? {} : { patience }),
      });
      if (tls !== undefined && files !== undefined && material !== undefined)
        void followTlsFiles(
          tls,
          { files, first: material, clock, ...(tlsEveryMs === undefined ? {} : { everyMs: tlsEveryMs }) },
          call,
        );
      return server;
    },
  });
  answerHealth(app, options.health);
  await answerCalls(app, { ...options, refusals, seen: createSeenCalls() }, call);
  await app.ready();
  const url = await listen(app.server, files === undefined ? "http" : "https", place);
  return { url, close: () => closeServer(app.server) };
}

interface CallRoute extends WebhookOptions {
  readonly refusals: RefusalLog;
  readonly seen: SeenCalls;
}

async function answerCalls(app: FastifyInstance, route: CallRoute, call: Call): Promise<void> {
  const { current } = route;
  await app.register(rateLimit, {
    global: false,
    keyGenerator: senderOf,
    errorResponseBuilder: () => new RefusedCall(429, "too-many", "too many calls; come again later"),
  });
  // The signature is over the bytes: nothing may read them before it is checked.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", async (_request: FastifyRequest, body: FastifyRequest["raw"]) =>
    readBody(body, current().maxBodyBytes),
  );
  app.setErrorHandler((error, request, reply) => refuse(error, { request, reply }, route, call));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: `calls go to POST ${CALL_PATH}` }));
  app.post(
    CALL_PATH,
    { config: { rateLimit: { max: () => current().callsPerMinute, timeWindow: 60_000 } } },
    async (request, reply) => reply.code(202).send({ run: take(request, route, call) }),
  );
}

/**
 * "known" for a call that was taken before: its sender did not hear the answer, and nothing is done twice. "none" for one
 * that only asks whether it would be taken.
 */
function take(request: FastifyRequest, route: CallRoute, call: Call): string {
  const { current, clock, seen, refusals, counts, onCall } = route;
  const { keys, toleranceMs } = current();
  const { headers } = request;
  const from = senderOf(request);
  const body = request.body instanceof Uint8Array ? request.body : new Uint8Array();
  const { id } = checkCall({ headers, body, keys, now: clock.now(), toleranceMs });
  const event = readEvent(headers, body);
  if (event.type === RECEIVER_CHECK) {
    counts.add("checked");
    call.log.info("a sender looked whether its calls are taken", { operation: "serve_call", id, from });
    return "none";
  }
  const timestamp = String(headers["webhook-timestamp"]);
  // A time that is ahead by the tolerance counts for twice as long.
  const before = seen.see({ id, timestamp }, clock.monotonicMs(), 2 * toleranceMs);
  if (before === "replayed") refusals.say({ event: "call-refused", reason: "replayed", from });
  counts.add(before === "first" ? "accepted" : "repeated");
  if (before !== "first") return "known";
  const { cluster, snapshot } = event.data;
  call.log.info("backup-complete call", { operation: "serve_call", id, cluster, snapshot, from });
  onCall(event);
  return "queued";
}

function refuse(
  error: unknown,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { refusals, counts }: CallRoute,
  call: Call,
): FastifyReply {
  const from = senderOf(request);
  const refused = refusalOf(error);
  if (refused !== undefined) {
    const { status, reason, message } = refused;
    counts.add(reason === "too-many" ? "limited" : "refused");
    refusals.say({ event: reason === "event" ? undefined : "call-refused", reason, from });
    return reply.code(status).send({ error: message });
  }
  const status = (error as { readonly statusCode?: unknown }).statusCode;
  // Of fastify itself: a request that is none.
  if (typeof status === "number" && status < 500) return reply.code(status).send({ error: "the request is malformed" });
  call.log.error("a call could not be looked at", { operation: "serve_call", from, error });
  return reply.code(500).send({ error: "the call could not be looked at; the receiver's log says why" });
}
