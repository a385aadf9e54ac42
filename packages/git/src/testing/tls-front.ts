import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

/** TLS in front of a server that has none. */
export interface TlsFront {
  /** "https://127.0.0.1:8443" */
  readonly url: string;
  /** The certificate of the authority that issued its own. */
  readonly caFile: string;
  readonly close: () => Promise<unknown>;
}

/** Starts it with a certificate for localhost, issued by an authority that nobody knows. */
export async function startTlsFront(folder: string, target: URL): Promise<TlsFront> {
  const file = (name: string) => join(folder, name);
  const openssl = (...args: readonly string[]) => execFileSync("openssl", [...args], { cwd: folder, stdio: "pipe" });
  const ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...ec, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test authority", "-days", "2");
  openssl("req", ...ec, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=localhost");
  writeFileSync(file("names"), "subjectAltName=DNS:localhost,IP:127.0.0.1\n");
  const issued = ["-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
  openssl("x509", "-req", ...issued, "-extfile", "names", "-out", "server.pem");
  const identity = { key: readFileSync(file("server.key")), cert: readFileSync(file("server.pem")) };
  const server = createServer(identity, (incoming, answer) => {
    const { hostname, port } = target;
    const onward = { hostname, port, method: incoming.method, path: incoming.url, headers: incoming.headers };
    incoming.pipe(
      request(onward, (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(answer);
      }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caFile: file("ca.pem"),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
