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
