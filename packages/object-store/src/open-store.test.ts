import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Secret } from "@kubeferry/model";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bytes, call, namesIn } from "./contract/open-store.contract.ts";
import { openStore, type StoreOptions } from "./open-store.ts";

const s3: StoreOptions = {
  type: "s3",
  endpoint: "http://127.0.0.1:9000",
  bucket: "cluster-backups",
  accessKey: new Secret("key-in-clear"),
  secretKey: new Secret("secret-in-clear"),
  autoCreateBucket: false,
  retry: { attempts: 3, delayMs: 5_000 },
};

describe("openStore", () => {
  let base: string;
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), "kubeferry-open-"));
  });
  afterEach(() => rm(base, { recursive: true }));

  it.each(["prod", "prod/"])("opens a folder below the prefix %s, and makes it unless told not to", async (prefix) => {
    const path = join(base, "store");
    const store = await openStore({ type: "folder", path, prefix });
    await store.prepare(call);
    await store.put("a", bytes("x"), {}, call);
    expect(await namesIn(store, "")).toEqual(["a"]);
    expect(await readdir(join(path, "prod"))).toEqual(["a"]);
    const careful = await openStore({ type: "folder", path: join(base, "other"), autoCreateBucket: false });
    await expect(careful.prepare(call)).rejects.toMatchObject({ kind: "not-found" });
  });

  it("describes a bucket for people, without keys, and sends nothing yet", async () => {
    const store = await openStore({ ...s3, prefix: "prod" });
    expect(store.description).toBe("s3 bucket cluster-backups at http://127.0.0.1:9000, below prod/");
  });

  it.each([
    ["a bucket's name", { bucket: "Cluster_Backups" }, "check store.bucket"],
    ["an endpoint", { endpoint: "http://127.0.0.1:9000/path" }, "store.bucket and store.prefix"],
  ])("refuses %s that cannot be, and says where to look", async (_, changes, next) => {
    await expect(openStore({ ...s3, ...changes })).rejects.toMatchObject({
      kind: "invalid",
      next: expect.stringContaining(next),
    });
  });

  it("refuses a type that it does not know, and names those it knows", async () => {
    const unknown = { ...s3, type: "gcs" } as unknown as StoreOptions;
    await expect(openStore(unknown)).rejects.toThrow(
      'store: open a store of type "gcs": invalid: there are stores of type s3 and folder; check store.type',
    );
  });

  it.each([
    ["folder", `{ type: "folder", path: "." }`, false],
    ["s3", `{ type: "s3", endpoint: "http://127.0.0.1:1", bucket: "bucket", accessKey: key, secretKey: key }`, true],
  ])("loads the S3 client for a store of type s3 alone: %s", (_, options, expected) => {
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ resolve: (name, context, next) => (loaded.push(name), next(name, context)) });
      const { openStore } = await import(${JSON.stringify(new URL("./index.ts", import.meta.url).href)});
      const key = { reveal: () => "key" };
      await openStore(${options});
      process.stdout.write(String(loaded.some((name) => name.endsWith("/s3.ts"))));
    `;
    const args = ["--conditions=kubeferry-source", "--input-type=module", "--eval", script];
    expect(execFileSync(process.execPath, args, { encoding: "utf8" })).toBe(String(expected));
  });
});
