import { mkdir, mkdtemp, rename, symlink, writeFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TLSSocket } from "node:tls";
import { createCallSender } from "@kubeferry/announce";
import { silentLog } from "@kubeferry/model";
import { beforeAll, describe, expect, it, vi } from "vitest";
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
    const own = await ours.issue("backup");
    const [certFile, keyFile] = [join(folder, "backup.crt"), join(folder, "backup.key")];
    await writeFile(certFile, own.cert);
    await writeFile(keyFile, own.key, { mode: 0o600 });
    const options = { url, keys: [key], timeoutMs: 5_000, attempts: 1, network: { noProxy: [] } };
    const [known, stranger] = [{ caFile, certFile, keyFile }, { caFile }].map((tls) =>
      createCallSender({ ...options, tls }),
    );
    const silent = { signal: new AbortController().signal, log: silentLog };
    await expect(known?.send(eventOf(), silent)).resolves.toBeUndefined();
    await expect(stranger?.send(eventOf(), silent)).rejects.toMatchObject({ name: "AnnounceError" });
    await Promise.all([known?.close(), stranger?.close()]);
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
