import { jsonText } from "@kubeferry/telemetry";
import fastify from "fastify";
import { answerHealth, type Health } from "./health.ts";
import { closeServer } from "./listen/close-server.ts";
import { createListener } from "./listen/create-listener.ts";
import { listen, type Place } from "./listen/listen.ts";
import type { RunsDocument } from "./runs/runs-document.ts";
import type { OpenListener } from "./webhook/open-webhook.ts";

/** Metrics of the process, in the text format of Prometheus. */
interface ServedMetrics {
  /** "/metrics" */
  readonly path: string;
  render(): Promise<string>;
}

/** What is told inside a cluster. */
export interface InnerOptions {
  readonly place: Place;
  readonly health: Health;
  readonly metrics?: ServedMetrics;
  readonly runs: () => RunsDocument;
}

/** Opens the listener for probes, for Prometheus and for people: it names clusters, and belongs on no Ingress. @throws ServeError */
export async function openInner({ place, health, metrics, runs }: InnerOptions): Promise<OpenListener> {
  const app = fastify({ logger: false, serverFactory: (handler) => createListener(handler, {}).server });
  app.get("/v1/runs", (_request, reply) => reply.type("application/json; charset=utf-8").send(jsonText(runs())));
  answerHealth(app, health);
  if (metrics !== undefined)
    app.get(metrics.path, async (_request, reply) =>
      reply.type("text/plain; version=0.0.4; charset=utf-8").send(await metrics.render()),
    );
  app.setErrorHandler((_error, _request, reply) => reply.code(500).send({ error: "this could not be told" }));
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ error: "there is no such page" }));
  await app.ready();
  const url = await listen(app.server, "http", place);
  return { url, close: () => closeServer(app.server) };
}
