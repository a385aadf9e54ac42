import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { ServeError } from "../serve-error.ts";

/** An address and a port; 0 takes any. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** The keys that say it: "gitops.serve", for messages. */
  readonly configuredBy: string;
}

/** Begins to listen. @returns "http://127.0.0.1:8081" @throws ServeError "port-taken", "unavailable" */
export async function listen(server: Server, scheme: "http" | "https", place: Place): Promise<string> {
  const { host, port } = place;
  try {
    server.listen(port, host);
    await once(server, "listening");
  } catch (cause) {
    throw notListening(place, cause);
  }
  // From here on a broken connection is the other side's trouble.
  server.on("error", () => undefined);
  const bound = (server.address() as AddressInfo).port;
  return `${scheme}://${host.includes(":") ? `[${host}]` : host}:${bound}`;
}

function notListening({ host, port, configuredBy }: Place, cause: unknown): ServeError {
  const taken = (cause as NodeJS.ErrnoException).code === "EADDRINUSE";
  return new ServeError({
    kind: taken ? "port-taken" : "unavailable",
    operation: `listen on ${host}:${port}`,
    problem: taken ? "another program listens there" : "the address cannot be used",
    next: taken ? `set ${configuredBy}.port to a free one` : `check ${configuredBy}.host and ${configuredBy}.port`,
    cause,
  });
}
