import type { KeySource, Keys } from "./keys.ts";

/** Keys that stay what they are as long as the process runs. */
export function fixedKeys(keys: Keys, description: string): KeySource {
  return { description, current: () => Promise.resolve(keys), renewed: () => Promise.resolve(false) };
}
