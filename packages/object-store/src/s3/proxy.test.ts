import { Secret } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterEach, describe, expect, it } from "vitest";
import { expectNoSecret } from "../contract/failing.contract.ts";
import { bytes, call, textAt } from "../contract/open-store.contract.ts";
import type { S3StoreOptions } from "./options.ts";
import { createS3Store } from "./s3.ts";
import { startForwardProxy } from "./testing/forward-proxy.ts";
import { optionsFor } from "./testing/open-s3.ts";

const closing: Array<() => Promise<void>> = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

describe.skipIf(missingServers("minio"))("a store behind a proxy", () => {
  it("is reached through the one of the configuration, with its password", async () => {
    const { proxy, options } = await open("hunter2");
    const store = createS3Store({ ...options, network: { proxy: proxyAt(proxy.url, "proxy-user:hunter2@") } });
    await store.put("key", bytes("body"), {}, call);
    expect(await textAt(store, "key")).toBe("body");
    expect(proxy.asked[0]).toBe(`PUT http://minio.test:9000/${options.bucket}/key`);
  });

  it("is reached through the one of the environment, unless it is excepted there", async () => {
    const { proxy, options } = await open();
    const env = { HTTP_PROXY: proxy.url };
    await createS3Store(options, { env }).put("key", bytes("body"), {}, call);
    expect(proxy.asked).toHaveLength(1);
    const { endpoint } = await servers.minio();
    const past = createS3Store({ ...options, endpoint }, { env: { ...env, NO_PROXY: "127.0.0.1" } });
    expect(await textAt(past, "key")).toBe("body");
    expect(proxy.asked).toHaveLength(1);
  });

  it("is not looked for past the one of the configuration because the environment excepts it", async () => {
    const { proxy, options } = await open();
    const network = { proxy: proxyAt(proxy.url) };
    const store = createS3Store({ ...options, network }, { env: { NO_PROXY: "minio.test" } });
    await store.put("key", bytes("body"), {}, call);
    expect(proxy.asked).toHaveLength(1);
  });

  it("is asked over TLS by CONNECT, so that the proxy sees the name and nothing else", async () => {
    const { proxy, options } = await open();
    const network = { proxy: proxyAt(proxy.url) };
    const store = createS3Store({ ...options, endpoint: "https://minio.test:9443", network });
    await expect(store.get("key", call)).rejects.toMatchObject({ name: "StorageError" });
    expect(proxy.asked[0]).toBe("CONNECT minio.test:9443");
  });

  it.each([["http://minio.test:9000"], ["https://minio.test:9443"]])(
    "at %s that refuses our password is denied, and says that it was the proxy",
    async (endpoint) => {
      const { proxy, options } = await open("hunter2");
      const store = createS3Store({
        ...options,
        endpoint,
        network: { proxy: proxyAt(proxy.url, "proxy-user:wrong1@") },
      });
      const error = await store.get("key", call).catch((cause: unknown) => cause);
      expect(error).toMatchObject({ kind: "denied", message: expect.stringMatching(/proxy.*network\.proxy/) });
      expectNoSecret(error, ["hunter2", "wrong1"]);
      expect(proxy.asked).toHaveLength(1);
    },
  );

  it("has a proxy that is a URL, or is refused without repeating it", async () => {
    const { options } = await open();
    const opening = () => createS3Store({ ...options, network: { proxy: new Secret("me:hunter2") } });
    expect(opening).toThrow(/read network\.proxy: invalid/);
    expect(opening).not.toThrow(/hunter2/);
  });
});

describe.skipIf(missingServers("minio"))("a server that puts the bucket into its name", () => {
  it("is spoken to by that name", { timeout: 60_000 }, async () => {
    const server = await servers.freshMinio({ env: { MINIO_DOMAIN: "minio.test" } });
    closing.push(() => server.stop());
    const proxy = await startForwardProxy(new URL(server.endpoint));
    closing.push(() => proxy.close());
    const bucket = await server.freshBucket();
    const address = { endpoint: "http://minio.test:9000", pathStyle: false, network: { proxy: proxyAt(proxy.url) } };
    const store = createS3Store(optionsFor(server, bucket, address));
    await store.put("some/key", bytes("body"), {}, call);
    expect(proxy.asked[0]).toBe(`PUT http://${bucket}.minio.test:9000/some/key`);
    expect(await textAt(createS3Store(optionsFor(server, bucket)), "some/key")).toBe("body");
  });
});

async function open(password?: string) {
  const server = await servers.minio();
  const proxy = await startForwardProxy(new URL(server.endpoint), password);
  closing.push(() => proxy.close());
  const changes: Partial<S3StoreOptions> = { endpoint: "http://minio.test:9000" };
  return { proxy, options: optionsFor(server, await server.freshBucket(), changes) };
}

function proxyAt(url: string, credentials = ""): Secret {
  return new Secret(url.replace("//", `//${credentials}`));
}
