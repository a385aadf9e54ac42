// Where the bench runs.
import { cpus, loadavg } from "node:os";
import type { Machine } from "./results.ts";

/** This machine and this Node. */
export function thisMachine(): Machine {
  const [{ model } = { model: "unknown" }] = cpus();
  const platform = `${process.platform} ${process.arch}`;
  return { cpus: cpus().length, model, platform, node: process.version };
}

/** Processes that ran or waited for a processor, over the last minute. */
export function load(): number {
  return Number((loadavg()[0] ?? 0).toFixed(1));
}
