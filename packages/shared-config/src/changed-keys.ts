import { createHash } from "node:crypto";
import type { LoadedConfig } from "./load-config.ts";
import { secretsOf } from "./secrets-of.ts";
import type { Setting } from "./settings.ts";

/**
 * The keys whose values are not the same in two configurations, in the order of the schema; those that only one of them
 * has count too. Where a value was written does not matter. No value is told.
 */
export function changedKeys(before: LoadedConfig, now: LoadedConfig): readonly string[] {
  const [earlier, later] = [before, now].map(valuesOf) as [ReadonlyMap<string, string>, ReadonlyMap<string, string>];
  const changed = [...later.keys()].filter((key) => earlier.get(key) !== later.get(key));
  return [...changed, ...[...earlier.keys()].filter((key) => !later.has(key))];
}

/** Keys, and digests of what they hold. */
function valuesOf(loaded: LoadedConfig): ReadonlyMap<string, string> {
  return new Map(loaded.settings.map((setting) => [setting.key, digestOf(setting, loaded)]));
}

function digestOf({ path, value }: Setting, { config, clusters }: LoadedConfig): string {
  const [section, entry] = path;
  const held =
    section === "clusters" && typeof entry === "number" ? at(clusters[entry], path.slice(2)) : at(config, path);
  // A setting shows no secret.
  const secrets = secretsOf(held).map((secret) => secret.reveal());
  return createHash("sha256")
    .update(JSON.stringify([value, secrets]))
    .digest("hex");
}

function at(value: unknown, path: Setting["path"]): unknown {
  return path.reduce<unknown>((part, step) => Object(part)[step], value);
}
