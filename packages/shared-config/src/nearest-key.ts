import { type ConfigKey, isIn, keyName, listed } from "./keys.ts";
import { nearestName } from "./nearest-name.ts";
import { dotted, type KeyPath } from "./sourced.ts";

/**
 * What to write instead of an unknown key: the nearest key of the same section, else a key of that name elsewhere, else
 * what the section takes.
 * @param variant the section's `type`, where it has one
 */
export function insteadOf(unknown: string, section: KeyPath, keys: readonly ConfigKey[], variant?: string): string {
  const siblings = [...new Set(keysIn(section, keys, variant))];
  const nearest = nearestName(unknown, siblings);
  if (nearest !== undefined) return `unknown key; did you mean ${dotted([...section, nearest])}?`;
  const elsewhere = keys.find((key) => key.steps.at(-1)?.toLowerCase() === unknown.toLowerCase());
  if (elsewhere !== undefined) return `unknown key; did you mean ${keyName(elsewhere)}${variantText(elsewhere)}?`;
  return `unknown key; expected ${listed(siblings)}`;
}

function keysIn(section: KeyPath, keys: readonly ConfigKey[], variant: string | undefined): string[] {
  return keys
    .filter((key) => isIn(key, section))
    .filter((key) => key.variant === undefined || variant === undefined || key.variant === variant)
    .map((key) => key.steps.at(-1) ?? "");
}

function variantText(key: ConfigKey): string {
  return key.variant === undefined ? "" : ` of type ${key.variant}`;
}
