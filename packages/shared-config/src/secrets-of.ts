import { Secret } from "@kubeferry/model";

/** Every secret value of a configuration, wherever the schema puts one. */
export function secretsOf(config: unknown): readonly Secret[] {
  if (config instanceof Secret) return [config];
  if (typeof config !== "object" || config === null) return [];
  return Object.values(config).flatMap(secretsOf);
}
