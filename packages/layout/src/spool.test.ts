import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, vi } from "vitest";
import { openSpool } from "./spool.ts";

it("a spool gives back what was put into it, and leaves nothing on disk, not even while it is open", async () => {
  const parent = mkdtempSync(join(tmpdir(), "kubeferry-test-"));
  vi.stubEnv("TMPDIR", parent);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(parent, { recursive: true, force: true });
  });
  const spool = await openSpool();
  const first = await spool.put(Buffer.from("kind: Service\n"));
  const second = await spool.put(Buffer.from("kind: ConfigMap\n"));
  expect(String(await spool.read(second))).toBe("kind: ConfigMap\n");
  expect(String(await spool.read(first))).toBe("kind: Service\n");
  expect(readdirSync(parent)).toEqual([]);
  await spool.close();
  expect(readdirSync(parent)).toEqual([]);
});

it("a spool gives back every file, whether it was written to disk yet or not, and keeps equal ones once", async () => {
  const spool = await openSpool();
  onTestFinished(() => spool.close());
  const sizes = [10, 700_000, 400_000, 3, 2_500_000, 1_048_576, 1, 0];
  const files = sizes.map((size, index) => Buffer.alloc(size, `file ${index} `));
  const contents = [];
  for (const file of files) contents.push(await spool.put(file));
  for (const [index, file] of files.entries()) {
    const content = contents[index];
    if (content === undefined) throw new Error("nothing was put");
    expect((await spool.read(content)).equals(file), `file ${index}`).toBe(true);
    expect(await spool.put(file)).toBe(content);
  }
  const last = await spool.put(Buffer.from("another\n"));
  expect(String(await spool.read(last))).toBe("another\n");
});

it("a spool gives back files that are asked for in the order in which they were put, and in any other", async () => {
  const spool = await openSpool();
  onTestFinished(() => spool.close());
  const files = Array.from({ length: 1_500 }, (_, index) =>
    Buffer.alloc(1 + ((index * 7_919) % 4_000), `file ${index} `),
  );
  const contents = [];
  for (const file of files) contents.push(await spool.put(file));
  const inOrder = files.map((_, index) => index);
  for (const index of [...inOrder, ...inOrder.toReversed(), ...inOrder.map((each) => (each * 601) % files.length)]) {
    const content = contents[index];
    if (content === undefined) throw new Error("nothing was put");
    expect((await spool.read(content)).equals(files[index] ?? Buffer.of()), `file ${index}`).toBe(true);
  }
});
