import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { typeName } from "@kubeferry/model";
import { openStore, prefixed } from "@kubeferry/object-store";
import { manifestKey, openSeries, type Snapshot } from "@kubeferry/snapshot";
import { missingServers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { EXAMPLE_CLUSTER, exampleSnapshot } from "../demo/example-snapshot.ts";
import { testCall } from "../testing/call.ts";
import { protectedBackup } from "../testing/protected-backup.ts";
import { freshFolder } from "../testing/workspace.ts";

const run = promisify(execFile);
const READER = fileURLToPath(new URL("../../../../examples/reader/read_snapshot.py", import.meta.url));
const EXAMPLE = fileURLToPath(new URL("../../../../examples/harbour/store", import.meta.url));
const ROOT = `${EXAMPLE_CLUSTER.domain}/${EXAMPLE_CLUSTER.name}`;
const TIMEOUT = { timeout: 120_000 };

/** What the Python reader says of the newest snapshot below a folder. */
async function readByPython(...args: readonly string[]): Promise<{ code: number; lines: string[]; error: string }> {
  try {
    const { stdout } = await run("reader-python", [READER, ...args], { maxBuffer: 64 * 1024 * 1024 });
    return { code: 0, lines: stdout.trimEnd().split("\n"), error: "" };
  } catch (error) {
    const { code, stderr } = error as { code: number; stderr: string };
    return { code, lines: [], error: stderr };
  }
}

/** The same lines by this project's own reader. */
async function linesOf(snapshot: Snapshot): Promise<string[]> {
  const lines: string[] = [];
  const versions = new Map<string, string>();
  for await (const { type, key, resourceVersion } of snapshot.states(() => true, testCall)) {
    versions.set(`${typeName(type)} ${key}`, resourceVersion);
  }
  for await (const { type, key, readable } of snapshot.objects(() => true, testCall)) {
    const name = `${typeName(type)} ${key}`;
    lines.push(`${name} ${readable ? versions.get(name) : "encrypted"}`);
  }
  return lines;
}

describe.skipIf(missingServers("reader-python"))("a reader that was written from the description alone", () => {
  it("lists the objects of the example", TIMEOUT, async () => {
    const read = await readByPython(join(EXAMPLE, ROOT));
    expect(read.error).toBe("");
    expect(read.lines).toEqual(await linesOf(await exampleSnapshot(testCall)));
    expect(read.lines.length).toBeGreaterThan(200);
  });

  it(
    "lists what is encrypted by name, opens it with the identity, and believes the right key alone",
    TIMEOUT,
    async () => {
      const { path, keys, close } = await protectedBackup();
      const root = join(path, ROOT);
      const store = prefixed(await openStore({ type: "folder", path, prefix: "" }), `${ROOT}/`);
      const closed = await readByPython(root, "--public-key", keys.publicKeyFile);
      expect(closed).toMatchObject({ code: 0, error: "" });
      expect(closed.lines).toEqual(await linesOf(await openSeries(store, "default").at(1, testCall)));
      expect(closed.lines.filter((line) => line.endsWith(" encrypted")).length).toBeGreaterThan(0);
      const opened = await readByPython(root, "--identity", keys.identityFile);
      expect(opened.lines.map((line) => line.split(" ")[1])).toEqual(closed.lines.map((line) => line.split(" ")[1]));
      expect(opened.lines.filter((line) => line.endsWith(" encrypted"))).toEqual([]);
      expect((await readByPython(root, "--public-key", keys.strangersKeyFile)).error).toContain("InvalidSignature");
      await close();
    },
  );

  it("refuses a snapshot of which one byte is another", TIMEOUT, async () => {
    const folder = await freshFolder();
    await run("cp", ["-r", join(EXAMPLE, ROOT), join(folder, "copy")]);
    const snapshot = await exampleSnapshot(testCall);
    const [segment] = snapshot.manifest.types.find(({ resource }) => resource === "deployments")?.segments ?? [];
    const blob = join(folder, "copy/_snapshots/segments", `${segment?.sha256}.ndjson.zst`);
    const bytes = await readFile(blob);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    await writeFile(blob, bytes);
    expect(await readByPython(join(folder, "copy"))).toMatchObject({
      code: 1,
      error: expect.stringContaining("has another digest"),
    });
    const renumbered = join(folder, "copy", manifestKey("default", 2));
    await writeFile(renumbered, await readFile(join(EXAMPLE, ROOT, manifestKey("default", 1))));
    expect((await readByPython(join(folder, "copy"))).error).toContain("says that it is 1");
  });
});
