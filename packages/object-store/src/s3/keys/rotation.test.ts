import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type MinioServer, type MinioUser, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { bytes, call, namesIn } from "../../contract/open-store.contract.ts";
import { createS3Store } from "../s3.ts";

const EVERYTHING = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: ["s3:*"], Resource: ["arn:aws:s3:::*"] }],
};

describe.skipIf(missingServers("minio"))("keys in files", () => {
  let server: MinioServer;
  let folder: string;
  beforeAll(async () => {
    server = await servers.minio();
  });

  it("are followed when a kubelet replaces them in the middle of a run", { timeout: 60_000 }, async () => {
    const [old, young] = [await server.freshUser(EVERYTHING), await server.freshUser(EVERYTHING)];
    const store = await openOver(old);
    await store.put("before", bytes("x"), {}, call);
    const running = Promise.all(Array.from({ length: 50 }, (_, index) => putLater(store, index)));
    await mountKeys(folder, "..2026_2", young);
    await server.removeUser(old.accessKey);
    await running;
    expect(await namesIn(store, "")).toHaveLength(51);
  });

  it("that are wrong, and stay so, are denied at once", { timeout: 60_000 }, async () => {
    const user = await server.freshUser(EVERYTHING);
    const store = await openOver({ ...user, secretKey: "wrong-secret-0123456789" });
    await expect(store.get("key", call)).rejects.toMatchObject({ kind: "denied" });
  });

  it("that go away are an error that names the file, and no key", { timeout: 60_000 }, async () => {
    const user = await server.freshUser(EVERYTHING);
    const clock = { now: Date.now() };
    const store = await openOver(user, () => clock.now);
    await store.put("key", bytes("x"), {}, call);
    await rm(join(folder, "..data"));
    clock.now += 5_000;
    await expect(store.get("key", call)).rejects.toMatchObject({
      kind: "denied",
      message: expect.stringMatching(/access-key: denied: it cannot be read.*store\.accessKeyFile/),
    });
  });

  async function openOver(user: MinioUser, now: () => number = Date.now) {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-keys-"));
    await mountKeys(folder, "..2026_1", user);
    for (const name of ["access-key", "secret-key"]) await symlink(`..data/${name}`, join(folder, name));
    const files = { accessKeyFile: join(folder, "access-key"), secretKeyFile: join(folder, "secret-key") };
    const retry = { attempts: 1, delayMs: 1 };
    const bucket = await server.freshBucket();
    return createS3Store({ endpoint: server.endpoint, bucket, autoCreateBucket: false, retry, ...files }, { now });
  }

  async function putLater(store: Awaited<ReturnType<typeof openOver>>, index: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, index * 20));
    await store.put(`during/${index}`, bytes("x"), {}, call);
  }
});

/** As a kubelet does: a new folder, and one link that is moved over the old one. */
async function mountKeys(folder: string, version: string, user: MinioUser): Promise<void> {
  await mkdir(join(folder, version));
  await writeFile(join(folder, version, "access-key"), `${user.accessKey}\n`, { mode: 0o600 });
  await writeFile(join(folder, version, "secret-key"), `${user.secretKey}\n`, { mode: 0o600 });
  await symlink(version, join(folder, "..data_tmp"));
  await rename(join(folder, "..data_tmp"), join(folder, "..data"));
}
