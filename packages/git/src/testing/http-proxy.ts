import { createServer, type IncomingHttpHeaders, request } from "node:http";
import { type AddressInfo, connect } from "node:net";

/** A proxy that runs. */
export interface TestProxy {
  /** "127.0.0.1:3128" */
  readonly host: string;
  /** What came through: "GET http://…", "CONNECT host:port". */
  readonly seen: readonly string[];
  /** Those of them that came with credentials for the server. */
  readonly signed: readonly string[];
  readonly close: () => void;
}

/** Starts a proxy for plain HTTP and for tunnels; with a password it lets only the user "ada" through. */
export async function startProxy(password?: string): Promise<TestProxy> {
  const seen: string[] = [];
  const signed: string[] = [];
  const keep = (line: string, { authorization }: IncomingHttpHeaders) => {
    seen.push(line);
    if (authorization !== undefined) signed.push(line);
  };
  const wanted = password === undefined ? undefined : `Basic ${Buffer.from(`ada:${password}`).toString("base64")}`;
  const mayPass = (header: string | undefined) => wanted === undefined || header === wanted;
  const server = createServer((incoming, answer) => {
    const { "proxy-authorization": shown, ...headers } = incoming.headers;
    if (!mayPass(shown)) {
      answer.writeHead(407, { "proxy-authenticate": 'Basic realm="proxy"' }).end();
      return;
    }
    keep(`${incoming.method} ${incoming.url}`, headers);
    const onward = request(incoming.url ?? "", { method: incoming.method, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    incoming.pipe(onward);
  });
  server.on("connect", (incoming, socket, head) => {
    if (!mayPass(incoming.headers["proxy-authorization"])) {
      const lines = ['Proxy-Authenticate: Basic realm="proxy"', "Content-Length: 0", "Connection: close"];
      socket.end(["HTTP/1.1 407 Proxy Authentication Required", ...lines, "", ""].join("\r\n"));
      return;
    }
    keep(`CONNECT ${incoming.url}`, incoming.headers);
    const [host, port] = (incoming.url ?? "").split(":");
    const onward = connect(Number(port), host, () => {
      socket.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    signed,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
