import type { FastifyInstance } from "fastify";

/** How the receiver is, for probes. */
export interface Health {
  /** Why it is not ready, as half a sentence; undefined when it is. */
  unready(): string | undefined;
}

/** `/healthz`: it answers. `/readyz`: calls lead to runs. */
export function answerHealth(app: FastifyInstance, health: Health): void {
  app.get("/healthz", (_request, reply) => reply.type("text/plain").send("ok\n"));
  app.get("/readyz", (_request, reply) => {
    const problem = health.unready();
    return reply
      .code(problem === undefined ? 200 : 503)
      .type("text/plain")
      .send(`${problem ?? "ok"}\n`);
  });
}
