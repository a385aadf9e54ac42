import { setTimeout as sleep } from "node:timers/promises";
import type { Call } from "@kubeferry/model";
import { changedKeys, type LoadedConfig } from "@kubeferry/shared-config";

/** How often the sources are read; one reading takes 20 to 30 ms of the processor. */
const EVERY_MS = 3_000;

/** A configuration that is followed. */
export interface Following<Used> {
  /** Reads all sources again. @throws ConfigError when they cannot be used */
  readonly load: () => Promise<LoadedConfig>;
  /** What the command makes of a configuration. @throws where it can do nothing with it */
  readonly use: (loaded: LoadedConfig) => Used;
  /** Keys, and sections of keys, that count from the next start on: "gitops.serve.port", "log". */
  readonly untilRestart: readonly string[];
  /** Left out: 3 s. */
  readonly everyMs?: number;
}

/** The configuration of a command that lives long. */
export interface FollowedConfiguration<Used> {
  /** Ask again for each piece of work. */
  current(): Used;
  /** Settles once nothing is read any more. */
  close(): Promise<void>;
}

/**
 * Reads the configuration again and again, and uses what changed as a whole. Files, mounted ConfigMaps and Secrets, and
 * `${file:…}` values are all read, so that it does not matter how they are replaced. What is found counts once two
 * readings agree on it: a file may be read while it is written, and a folder while its links move. One that cannot be used
 * is said once, and the one before stays.
 */
export function followConfiguration<Used>(
  first: LoadedConfig,
  { load, use, untilRestart, everyMs = EVERY_MS }: Following<Used>,
  call: Call,
): FollowedConfiguration<Used> {
  const now = { loaded: first, used: use(first) };
  const closing = new AbortController();
  const signal = AbortSignal.any([call.signal, closing.signal]);
  const said = { problem: "" };

  function take(found: LoadedConfig, changed: readonly string[]): void {
    const used = use(found);
    const restart = changed.filter((key) => untilRestart.some((part) => isBelow(key, part)));
    const fields = { operation: "config_reload", data: { changed, restart } } as const;
    Object.assign(now, { loaded: found, used });
    said.problem = "";
    if (restart.length === 0) call.log.info("the changed configuration is used from now on", fields);
    else call.log.warn("the changed configuration is used from now on, but some of it from the next start", fields);
  }

  async function look(before: Reading | undefined): Promise<Reading> {
    const reading = await read(load);
    if (before === undefined || !agree(before, reading)) return reading;
    try {
      if ("error" in reading) throw reading.error;
      const changed = changedKeys(now.loaded, reading.loaded);
      if (changed.length > 0) take(reading.loaded, changed);
      else said.problem = "";
    } catch (error) {
      const problem = textOf(error);
      if (problem !== said.problem)
        call.log.error("the changed configuration cannot be used, the one before stays", {
          operation: "config_reload",
          error,
        });
      said.problem = problem;
    }
    return reading;
  }

  async function follow(): Promise<void> {
    let reading: Reading | undefined;
    while (!signal.aborted) {
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => undefined);
      if (!signal.aborted) reading = await look(reading);
    }
  }

  const done = follow();
  return {
    current: () => now.used,
    async close() {
      closing.abort();
      await done;
    },
  };
}

type Reading = { readonly loaded: LoadedConfig } | { readonly error: unknown };

async function read(load: () => Promise<LoadedConfig>): Promise<Reading> {
  try {
    return { loaded: await load() };
  } catch (error) {
    return { error };
  }
}

function agree(one: Reading, other: Reading): boolean {
  if ("error" in one) return "error" in other && textOf(one.error) === textOf(other.error);
  return "loaded" in other && changedKeys(one.loaded, other.loaded).length === 0;
}

function isBelow(key: string, part: string): boolean {
  return key === part || key.startsWith(`${part}.`) || key.startsWith(`${part}[`);
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
