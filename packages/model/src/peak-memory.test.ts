import { Buffer } from "node:buffer";
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { peakMemoryBytes } from "./peak-memory.ts";

const LARGE_BYTES = 400 * 2 ** 20;

describe("the most memory a process has had", () => {
  it("is its own, however large the process is that started it", { timeout: 30_000 }, () => {
    const held = Buffer.alloc(LARGE_BYTES, 1);
    const module = new URL("./peak-memory.ts", import.meta.url).href;
    const script = `const { peakMemoryBytes } = await import(${JSON.stringify(module)}); console.log(peakMemoryBytes());`;
    const started = execFileSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
    expect(Number(started)).toBeGreaterThan(10 * 2 ** 20);
    expect(Number(started)).toBeLessThan(LARGE_BYTES / 2);
    expect(peakMemoryBytes()).toBeGreaterThan(held.length);
  });
});
