import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** Passes connections on to a server and counts them. */
export interface Relay {
  readonly url: string;
  readonly connections: number;
  /** Hosts and ports that were asked for by CONNECT, when it was used as a proxy. */
  readonly tunnels: readonly string[];
  /** A kubeconfig's `cluster` that leads to the server through it. */
  cluster(caFile: string): object;
}

/** Starts one for the running test. A client that speaks CONNECT is passed on to the same server. */
export async function startRelay(serverUrl: string): Promise<Relay> {
  const { hostname, port } = new URL(serverUrl);
  const state = { connections: 0, tunnels: [] as string[] };
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    state.connections++;
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
    }
    client.once("data", (first: Buffer) => {
      const tunnel = /^CONNECT (\S+) /.exec(first.toString("latin1"))?.[1];
      if (tunnel === undefined) upstream.write(first);
      else {
        state.tunnels.push(tunnel);
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      }
      client.pipe(upstream).pipe(client);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address() as AddressInfo;
  const url = `https://127.0.0.1:${address.port}`;
  return {
    url,
    get connections() {
      return state.connections;
    },
    tunnels: state.tunnels,
    cluster: (caFile) => ({ server: url, "certificate-authority": caFile }),
  };
}
