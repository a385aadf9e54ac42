import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { identifyProcess } from "./identity.ts";
import { withLock } from "./lock.ts";

describe("a lock", () => {
  it("is held by one at a time, and gone afterwards", async () => {
    const path = join(temporaryFolder(), "lock");
    let inside = 0;
    let most = 0;
    const work = () =>
      withLock(path, { timeoutMs: 10_000 }, async () => {
        most = Math.max(most, ++inside);
        await sleep(5);
        inside--;
      });
    await Promise.all(Array.from({ length: 10 }, work));
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it("is given back when the work fails", async () => {
    const path = join(temporaryFolder(), "lock");
    const failing = withLock(path, { timeoutMs: 0 }, () => Promise.reject(new Error("work failed")));
    await expect(failing).rejects.toThrow("work failed");
    expect(existsSync(path)).toBe(false);
  });

  it("is taken over from a process that has ended, by one of many", async () => {
    const path = heldBy({ pid: process.pid, startedAt: "another life" });
    let inside = 0;
    const work = () =>
      withLock(path, { timeoutMs: 10_000 }, async () => {
        expect(++inside).toBe(1);
        await sleep(5);
        inside--;
      });
    await Promise.all(Array.from({ length: 8 }, work));
  });

  it("is taken over when its maker died before it wrote its name", async () => {
    const path = heldBy(undefined);
    const longAgo = new Date(Date.now() - 60_000);
    utimesSync(path, longAgo, longAgo);
    expect(await withLock(path, { timeoutMs: 1_000 }, async () => "in")).toBe("in");
  });

  it("names the holder when it is held too long", async () => {
    const path = heldBy(identifyProcess(process.pid));
    const waiting = withLock(path, { timeoutMs: 100 }, async () => "in");
    await expect(waiting).rejects.toThrow(`locked: process ${process.pid} has held it`);
  });
});

function heldBy(owner: unknown): string {
  const path = join(temporaryFolder(), "lock");
  mkdirSync(path);
  if (owner !== undefined) writeFileSync(join(path, "owner.json"), JSON.stringify(owner));
  return path;
}
