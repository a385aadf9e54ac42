import { mkdir, mkdtemp, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { Agent, createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { createCallSender, type SenderOptions } from "@kubeferry/announce";
import { silentLog } from "@kubeferry/model";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import type { TlsFiles } from "../listen/tls-files.ts";
import { eventOf, signed } from "../testing/calls.ts";
import { type Authority, createAuthority, type Pair } from "../testing/certificates.ts";
import { openReceiver } from "../testing/open-receiver.ts";

let ours: Authority;
let foreign: Authority;

beforeAll(async () => {
  [ours, foreign] = await Promise.all([createAuthority("ours"), createAuthority("foreign")]);
});

/** Files as the kubelet mounts a Secret: links to a folder that is swapped as a whole. */
async function mounted(pair: Pair): Promise<{ files: TlsFiles; swap(pair: Pair): Promise<void>; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-test-"));
  const versions = { count: 0 };
  const swap = async ({ cert, key }: Pair): Promise<void> => {
    const version = `..version-${++versions.count}`;
    await mkdir(join(folder, version));
    await writeFile(join(folder, version, "tls.crt"), cert);
    await writeFile(join(folder, version, "tls.key"), key, { mode: 0o600 });
    await symlink(version, join(folder, "..data_tmp"));
    await rename(join(folder, "..data_tmp"), join(folder, "..data"));
  };
  await swap(pair);
  for (const name of ["tls.crt", "tls.key"]) await symlink(join("..data", name), join(folder, name));
  await writeFile(join(folder, "clients.pem"), ours.cert);
  return { files: { certFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") }, swap, folder };
}

async function filesOf(folder: string, name: string, { cert, key }: Pair): Promise<TlsFiles> {
  const files = { certFile: join(folder, `${name}.crt`), keyFile: join(folder, `${name}.key`) };
  await writeFile(files.certFile, cert);
  await writeFile(files.keyFile, key, { mode: 0o600 });
  return files;
}

/** @returns the status and who answered */
async function call(
  url: string,
  { method, headers, body }: ReturnType<typeof signed>,
  agent: Agent,
): Promise<{ readonly status: number | undefined; readonly server: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent }, (response) => {
      const server = (response.socket as TLSSocket).getPeerCertificate().subject.CN;
      response.resume().on("end", () => resolve({ status: response.statusCode, server: String(server) }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

function client(more: Partial<Pair> = {}): Agent {
  return new Agent({ ca: ours.cert, ...more });
}

describe("the webhook with TLS", () => {
  it("takes calls of clients without a certificate where none is asked for", async () => {
    const { files } = await mounted(await ours.issue("server"));
    const { url, key } = await openReceiver({ tls: files });
    expect(url).toMatch(/^https:/);
    expect(await call(url, signed(key), client())).toEqual({ status: 202, server: "server" });
  });

  it("lets only clients in that an authority of ours knows, and reports the others", async () => {
    const { files, folder } = await mounted(await ours.issue("server"));
    const tls = { ...files, clientCaFile: join(folder, "clients.pem") };
    const { url, inner, key, log } = await openReceiver({ tls });
    expect((await call(url, signed(key), client(await ours.issue("backup")))).status).toBe(202);
    await expect(call(url, signed(key), client())).rejects.toThrow();
    await expect(call(url, signed(key), client(await foreign.issue("backup")))).rejects.toThrow();
    await vi.waitFor(() =>
      expect(
        log.filter(({ event }) => event === "client-refused").map(({ reason, target }) => `${reason} ${target}`),
      ).toEqual(["no certificate 127.0.0.1", "UNABLE_TO_VERIFY_LEAF_SIGNATURE 127.0.0.1"]),
    );
    expect((await fetch(`${inner}/readyz`)).status).toBe(200);
  });

  it("takes the call of a sender that shows its certificate, and of no other", async () => {
    const { files, folder } = await mounted(await ours.issue("server"));
    const caFile = join(folder, "clients.pem");
    const { url, key } = await openReceiver({ tls: { ...files, clientCaFile: caFile } });
    const options = { url, keys: [key], timeoutMs: 5_000, attempts: 1, network: { noProxy: [] } };
    const send = async (tls: SenderOptions["tls"]): Promise<void> => {
      const sender = createCallSender({ ...options, tls: { caFile, ...tls } });
      const call = { signal: new AbortController().signal, log: silentLog };
      await sender.send(eventOf(), call).finally(() => sender.close());
    };
    await expect(send(await filesOf(folder, "ours", await ours.issue("backup")))).resolves.toBeUndefined();
    await expect(send({})).rejects.toThrow(
      "if it asks for client certificates, set announce.tls.certFile and announce.tls.keyFile",
    );
    await expect(send(await filesOf(folder, "foreign", await foreign.issue("backup")))).rejects.toThrow(
      "if it asks for client certificates, compare announce.tls.certFile with the authorities it takes",
    );
  });

  it("is told of by a sender that may lack a certificate, with TLS 1.2 too", async () => {
    const { files, folder } = await mounted(await ours.issue("server"));
    const caFile = join(folder, "clients.pem");
    const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
    const server = createServer({ cert, key, ca: ours.cert, requestCert: true, maxVersion: "TLSv1.2" });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/v1/backup-complete`;
    const patience = { timeoutMs: 5_000, attempts: 1 };
    const sender = createCallSender({ url, keys: [], ...patience, tls: { caFile }, network: { noProxy: [] } });
    const sent = sender.send(eventOf(), { signal: new AbortController().signal, log: silentLog });
    await expect(sent.finally(() => sender.close())).rejects.toThrow(
      "if it asks for client certificates, set announce",
    );
  });

  it("shows a swapped certificate to new connections, and cuts no open one", async () => {
    const { files, swap } = await mounted(await ours.issue("server one"));
    const { url, key } = await openReceiver({ tls: files, tlsEveryMs: 10 });
    const open = new Agent({ ca: ours.cert, keepAlive: true });
    expect((await call(url, signed(key), open)).server).toBe("server one");
    await swap(await ours.issue("server two"));
    await vi.waitFor(async () => expect((await call(url, signed(key), client())).server).toBe("server two"));
    expect(await call(url, signed(key), open)).toEqual({ status: 202, server: "server one" });
    open.destroy();
  });

  it("keeps its certificate when the files do not fit each other, and says so once", async () => {
    const { files, swap } = await mounted(await ours.issue("server one"));
    const { url, key, log } = await openReceiver({ tls: files, tlsEveryMs: 10 });
    const [{ cert }, { key: other }] = [await ours.issue("server two"), await ours.issue("server three")];
    await swap({ cert, key: other });
    const complaints = () => log.filter(({ level, operation }) => level === "error" && operation === "config_reload");
    await vi.waitFor(() => expect(complaints()).toHaveLength(1));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(complaints()).toHaveLength(1);
    expect((await call(url, signed(key), client())).server).toBe("server one");
  });

  it.each([
    ["an empty file", "", /there is no certificate in it/],
    ["no certificate", "nothing\n", /there is no certificate in it/],
    ["half a certificate", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", /cannot be read/],
  ])("does not begin when the authorities of clients are %s: nobody knows whom that lets in", async (_, text, why) => {
    const { files, folder } = await mounted(await ours.issue("server"));
    const clientCaFile = join(folder, "clients.pem");
    await writeFile(clientCaFile, text);
    const refused = { kind: "tls", message: expect.stringMatching(why) };
    await expect(openReceiver({ tls: { ...files, clientCaFile } })).rejects.toMatchObject(refused);
  });

  it("goes on with the authorities that it knows when their file is emptied", async () => {
    const { files, folder } = await mounted(await ours.issue("server"));
    const clientCaFile = join(folder, "clients.pem");
    const { url, key, log } = await openReceiver({ tls: { ...files, clientCaFile }, tlsEveryMs: 10 });
    await writeFile(clientCaFile, "");
    await vi.waitFor(() =>
      expect(log).toContainEqual(expect.objectContaining({ level: "error", operation: "config_reload" })),
    );
    expect((await call(url, signed(key), client(await ours.issue("backup")))).status).toBe(202);
    await expect(call(url, signed(key), client(await foreign.issue("backup")))).rejects.toThrow();
  });

  it("does not begin with a certificate that it cannot use", async () => {
    const { files } = await mounted({ cert: "nothing", key: "nothing" });
    await expect(openReceiver({ tls: files })).rejects.toMatchObject({ kind: "tls" });
  });
});
