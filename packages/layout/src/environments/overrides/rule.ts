import type { GitRef } from "../../git-ref.ts";

/** One entry of an override, with the place it was written. */
export interface Rule<Value> {
  /** Steps of that place: ["gitops", "environments", "dev", "images", 0]. */
  readonly path: readonly (string | number)[];
  readonly value: Value;
}

/** "gitops.environments.dev.images[0]": a rule as people find it. */
export function ruleName({ path }: Pick<Rule<unknown>, "path">): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

/** The object that rules are held against. */
export interface OverriddenObject {
  readonly ref: GitRef;
  /** The environment that the object is made for. */
  readonly environment: string;
  /** True when an autoscaler decides its replicas. */
  readonly scaled: boolean;
}

/** Told of every rule that fits an object, also where it says what is there already. */
export type OnFit = (rule: Rule<unknown>) => void;
