import type { Server } from "node:http";

/** What a request that is under way may still take: a call is answered at once. */
const REST_MS = 1_000;

/** Takes no new connection, lets requests end that are under way, and then ends every connection. Never rejects. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const rest = setTimeout(() => server.closeAllConnections(), REST_MS);
  await closed;
  clearTimeout(rest);
}
