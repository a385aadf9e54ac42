import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Call, Secret, silentLog } from "@kubeferry/model";
import { type ObjectStore, openStore, prefixed } from "@kubeferry/object-store";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe } from "vitest";

/** A call that nobody stops. */
export const call: Call = { signal: new AbortController().signal, log: silentLog };

/** Gives an empty root of a cluster in the store under test. */
export type FreshRoot = () => ObjectStore;

/** Runs the same tests on a folder and, where they are built, on real S3 servers. */
export function describeOnStores(
  names: readonly ("folder" | "minio" | "versitygw")[],
  tests: (fresh: FreshRoot, name: string) => void,
) {
  for (const name of names) {
    const lacking = name === "folder" ? undefined : missingServers(name);
    describe.skipIf(lacking)(`on ${name}`, () => {
      let opened: { readonly store: ObjectStore; readonly close: () => Promise<void> } | undefined;
      beforeAll(async () => {
        opened = name === "folder" ? await openFolder() : await openBucket(name);
      });
      afterAll(() => opened?.close());
      tests(() => {
        if (opened === undefined) throw new Error("the store is not open yet");
        return prefixed(opened.store, `local/${randomBytes(6).toString("hex")}/`);
      }, name);
    });
  }
}

/** An empty folder store of one's own. */
async function openFolder() {
  const path = await mkdtemp(join(tmpdir(), "kubeferry-snapshot-"));
  const store = await openStore({ type: "folder", path });
  await store.prepare(call);
  return { store, path, close: () => rm(path, { recursive: true, force: true }) };
}

async function openBucket(name: "minio" | "versitygw") {
  const server = await servers[name]();
  const store = await openStore({
    type: "s3",
    endpoint: server.endpoint,
    region: server.region,
    bucket: await server.freshBucket(),
    accessKey: new Secret(server.accessKey),
    secretKey: new Secret(server.secretKey),
    autoCreateBucket: false,
    retry: { attempts: 3, delayMs: 50 },
  });
  return { store, close: async () => undefined };
}
