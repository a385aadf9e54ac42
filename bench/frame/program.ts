// Programs of others, measured from outside.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import type { Sample } from "./measure.ts";

/** How often a program's memory is looked at. */
const LOOK_MS = 20;

/**
 * Runs a program to its end and throws its output away.
 * @returns its wall time, the memory that it had at the last look, and how much it wrote to stdout
 * @throws Error with what it wrote to stderr when it ends with another code than 0
 */
export async function runProgram(
  [program, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<Sample> {
  const startedAt = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const seen = { peakRssBytes: 0, bytes: 0 };
  const look = setInterval(() => {
    seen.peakRssBytes = peakOf(child.pid) ?? seen.peakRssBytes;
  }, LOOK_MS);
  child.stdout.on("data", (chunk: Buffer) => {
    seen.bytes += chunk.length;
  });
  try {
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, "close")]);
    if (code !== 0) throw new Error(`${program} ended with ${code}: ${stderr}`);
  } finally {
    clearInterval(look);
  }
  const { bytes, peakRssBytes } = seen;
  return { wallMs: performance.now() - startedAt, peakRssBytes, counts: { "bytes of output": bytes } };
}

/** The most that it had until now; nothing once it has ended. */
function peakOf(pid: number | undefined): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
  } catch {
    return undefined;
  }
}
