import { createHash } from "node:crypto";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, describe, expect, it } from "vitest";
import { bytes, call, textAt } from "../contract/open-store.contract.ts";
import { createS3Store } from "./s3.ts";
import { selfSignedCertificate } from "./testing/certificate.ts";
import { type FaultProxy, startFaultProxy } from "./testing/fault-proxy.ts";
import { optionsFor } from "./testing/open-s3.ts";

describe.skipIf(missingServers("minio"))("a store over TLS", () => {
  const trusted = getCACertificates("default");
  const proxies: FaultProxy[] = [];
  afterEach(async () => {
    setDefaultCACertificates(trusted);
    for (const proxy of proxies.splice(0)) await proxy.close();
  });

  async function openSecure() {
    const server = await servers.minio();
    const pair = await selfSignedCertificate();
    const proxy = await startFaultProxy(server.endpoint, () => undefined, pair);
    proxies.push(proxy);
    const options = optionsFor(server, await server.freshBucket(), { endpoint: proxy.endpoint });
    return { store: createS3Store(options), options, proxy, cert: pair.cert };
  }

  it("signs the digest of what it puts, so that the server checks every byte", async () => {
    const { store, proxy, cert } = await openSecure();
    setDefaultCACertificates([...trusted, cert]);
    await store.put("key", bytes("body"), {}, call);
    expect(await textAt(store, "key")).toBe("body");
    const sha256 = createHash("sha256").update("body").digest("hex");
    expect(proxy.seen[0]?.headers).toMatchObject({ "x-amz-content-sha256": sha256 });
  });

  it("trusts the authorities of network.caFile, and those that are trusted anyway", async () => {
    const { options, cert } = await openSecure();
    const caFile = join(await mkdtemp(join(tmpdir(), "kubeferry-ca-")), "ca.pem");
    await writeFile(caFile, cert);
    const store = createS3Store({ ...options, network: { caFile } });
    await store.put("key", bytes("body"), {}, call);
    expect(await textAt(store, "key")).toBe("body");
  });

  it("trusts nobody because of a file with the wrong authority, one without any, or one that is missing", async () => {
    const { options, proxy } = await openSecure();
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-ca-"));
    const [wrong, empty] = [join(folder, "wrong.pem"), join(folder, "empty.pem")];
    await writeFile(wrong, (await selfSignedCertificate()).cert);
    await writeFile(empty, "");
    const store = createS3Store({ ...options, network: { caFile: wrong } });
    await expect(store.put("key", bytes("body"), {}, call)).rejects.toMatchObject({ kind: "invalid" });
    for (const [caFile, problem] of [
      [empty, "holds no certificate in PEM form"],
      [join(folder, "missing.pem"), "cannot be read"],
    ] as const) {
      const opening = () => createS3Store({ ...options, network: { caFile } });
      expect(opening).toThrow(`s3: read authorities from ${caFile}: invalid: it ${problem}; check network.caFile`);
    }
    expect(proxy.seen).toEqual([]);
  });

  it("trusts no certificate that it does not know, and says once how to make it known", async () => {
    const { store, proxy } = await openSecure();
    await expect(store.put("key", bytes("body"), {}, call)).rejects.toMatchObject({
      kind: "invalid",
      message: expect.stringMatching(/no trusted TLS connection to https:.*SELF_SIGNED.*network\.caFile/),
    });
    expect(proxy.seen).toEqual([]);
  });
});
