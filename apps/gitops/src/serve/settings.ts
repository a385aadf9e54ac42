import type { Secret } from "@kubeferry/model";
import { type Config, gitopsOf } from "@kubeferry/shared-config";
import { ServeError } from "./serve-error.ts";

/** How calls are taken and runs are spaced. Read at each call and before each wait: a changed one counts from then on. */
export interface ServeSettings {
  /** At least one; a call that any of them signed is taken. */
  readonly keys: readonly Secret[];
  /** How far the time of a call may be from the own clock, either way. */
  readonly toleranceMs: number;
  readonly maxBodyBytes: number;
  /** Of one sender address. */
  readonly callsPerMinute: number;
  /** Addresses and networks whose word about the sender of a call is believed. */
  readonly trustedProxies: readonly string[];
  /** From the end of a run to the next one that nobody called for. */
  readonly intervalMs: number;
  /** From a call to its run. */
  readonly quietPeriodMs: number;
}

/** @throws ConfigError without `gitops`; ServeError "config" without a key to check calls with */
export function serveSettings(config: Config): ServeSettings {
  const { serve, quietPeriod } = gitopsOf(config);
  const { keys } = config.webhook;
  if (keys.length === 0) throw noKeys();
  return {
    keys,
    toleranceMs: serve.tolerance,
    maxBodyBytes: serve.maxBody,
    callsPerMinute: serve.callsPerMinute,
    trustedProxies: serve.trustedProxies,
    intervalMs: serve.interval,
    quietPeriodMs: quietPeriod,
  };
}

function noKeys(): ServeError {
  return new ServeError({
    kind: "config",
    operation: "begin",
    problem: "webhook.keys is empty: anybody could call",
    next: 'make a key with `kubeferry init --webhook`, and write webhook.keys: ["${file:/path/of/the/key}"]',
  });
}
