import http, { type IncomingMessage, type ServerResponse } from "node:http";
import net, { type AddressInfo, type Socket } from "node:net";

/** A proxy as companies have them: CONNECT for TLS, whole URLs for the rest. */
export interface ForwardProxy {
  readonly url: string;
  /** "CONNECT minio.example.com:443", "PUT http://minio.example.com/bucket/key". */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/**
 * @param target where every connection really goes, whatever name was asked for: tests need no name service
 * @param password asked of everybody, with the user "proxy-user"; undefined: nobody is asked
 */
export async function startForwardProxy(target: URL, password?: string): Promise<ForwardProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const wanted = password && `Basic ${Buffer.from(`proxy-user:${password}`).toString("base64")}`;
  const refuses = ({ headers }: IncomingMessage): boolean =>
    wanted !== undefined && headers["proxy-authorization"] !== wanted;
  const server = http.createServer((incoming: IncomingMessage, outgoing: ServerResponse) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    if (refuses(incoming)) return void outgoing.writeHead(407).end();
    const { pathname, search } = new URL(incoming.url ?? "");
    const { method, headers } = incoming;
    const { hostname, port } = target;
    const request = http.request(
      { hostname, port, method, path: pathname + search, headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
        answer.pipe(outgoing);
      },
    );
    request.on("error", () => incoming.socket.destroy());
    incoming.pipe(request);
  });
  server.on("connect", (incoming: IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    if (refuses(incoming)) return void socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const through = net.connect(Number(target.port), target.hostname, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      through.pipe(socket).pipe(through);
    });
    const breakOff = (): void => {
      socket.destroy();
      through.destroy();
    };
    socket.on("error", breakOff);
    through.on("error", breakOff);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
