/**
 * The steps of a restore, in their order. Every object of a wave is written, or has failed, before the next begins:
 * what is named later needs what is named earlier.
 */
export const WAVES = [
  "definitions",
  "namespaces",
  "storage",
  "access",
  "configuration",
  "quotas",
  "endpoints",
  "services",
  "workloads",
  "ingress",
  "custom",
  "admission",
] as const;

/** One step of a restore. */
export type Wave = (typeof WAVES)[number];
