import { Secret } from "@kubeferry/model";
import type { S3Server } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { expectNoSecret, failureOf, requestsTo } from "../contract/failing.contract.ts";
import { bytes, call, textAt } from "../contract/open-store.contract.ts";
import type { S3StoreOptions } from "./options.ts";
import { createS3Store } from "./s3.ts";
import { optionsFor } from "./testing/open-s3.ts";

const WRONG = "wrong-secret-0123456789";

/** What only a store behind a network and keys can promise; run on every S3 server. */
export function s3Contract(name: string, start: () => Promise<S3Server>): void {
  describe(`${name}: keys, buckets and addresses`, () => {
    it.each([
      ["access key", { accessKey: new Secret("nobody") }],
      ["secret key", { secretKey: new Secret(WRONG) }],
    ])("refuses a wrong %s as denied, from every operation, without naming a key's value", async (_, changes) => {
      const { server, store } = await open(start, changes);
      for (const [operation, request] of requestsTo(store, call)) {
        const error = await failureOf(request, operation);
        expect(error, operation).toMatchObject({ name: "StorageError", kind: "denied" });
        expect(error, operation).toHaveProperty(
          "message",
          expect.stringContaining("check store.accessKey and store.secretKey"),
        );
        expectNoSecret(error, [server.accessKey, server.secretKey, WRONG]);
      }
    });

    it("makes a missing bucket only when it may, also when two try at once", async () => {
      const server = await start();
      const bucket = server.freshName();
      const may = { autoCreateBucket: true };
      const careful = createS3Store(optionsFor(server, bucket));
      await expect(careful.prepare(call)).rejects.toMatchObject({ kind: "not-found" });
      await Promise.all([
        createS3Store(optionsFor(server, bucket, may)).prepare(call),
        createS3Store(optionsFor(server, bucket, may)).prepare(call),
      ]);
      await careful.prepare(call);
      expect(await careful.head("key", call)).toBeUndefined();
    });

    it("reports a server that is not there as unavailable, after the configured tries", async () => {
      const pauses: number[] = [];
      const server = await start();
      const options = optionsFor(server, "backups", { endpoint: "http://127.0.0.1:1" });
      const fresh = () => createS3Store(options, { sleep: async (ms) => void pauses.push(ms) });
      for (const [index, [operation]] of requestsTo(fresh(), call).entries()) {
        pauses.length = 0;
        // A store of its own for each: one that failed so often is not asked any more.
        const request = requestsTo(fresh(), call)[index]?.[1] ?? (() => Promise.resolve());
        const error = await failureOf(request, operation);
        expect(error, operation).toMatchObject({
          kind: "unavailable",
          next: expect.stringContaining("store.endpoint"),
        });
        expect(pauses, operation).toHaveLength(2);
        expectNoSecret(error, [server.accessKey, server.secretKey]);
      }
    });

    it("takes host:port with useSsl, and says what is wrong when the server speaks no TLS", async () => {
      const { server, bucket } = await open(start);
      const endpoint = server.endpoint.replace("http://", "");
      const plain = createS3Store(optionsFor(server, bucket, { endpoint, useSsl: false }));
      await plain.put("key", bytes("x"), {}, call);
      expect(await textAt(plain, "key")).toBe("x");
      const secure = createS3Store(optionsFor(server, bucket, { endpoint }));
      await expect(secure.head("key", call)).rejects.toMatchObject({
        kind: "invalid",
        next: expect.stringContaining("store.useSsl"),
      });
    });
  });
}

async function open(start: () => Promise<S3Server>, changes: Partial<S3StoreOptions> = {}) {
  const server = await start();
  const bucket = await server.freshBucket();
  return { server, bucket, store: createS3Store(optionsFor(server, bucket, changes)) };
}
