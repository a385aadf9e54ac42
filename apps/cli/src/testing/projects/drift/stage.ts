/** Clusters through which a change travels; the last is the furthest from the first. */
export const STAGES = ["dev", "test", "preprod", "prod"] as const;

/** One of them. */
export type Stage = (typeof STAGES)[number];

/** The domain that people reach a stage's applications under. */
export function domainOf(stage: Stage): string {
  return stage === "prod" ? "example.com" : `${stage}.example.com`;
}
