import { createHash } from "node:crypto";
import type { JsonObject } from "@kubeferry/model";
import { type Cleaned, cleanWith, type DropReason, dropReasonIn } from "./clean.ts";
import { CleanError } from "./clean-error.ts";
import { cleansAlike, type Viewed } from "./cleans-alike.ts";
import { type ObjectType, typeOfObject } from "./object-type.ts";
import { cleaningRules, dropRules } from "./rules/index.ts";
import type { CleanOptions } from "./rules/rule.ts";
import { rulesVersion } from "./rules-version.ts";
import { type CleanSettings, type SettingProblem, settingProblems } from "./settings/setting-problems.ts";
import { userRule } from "./settings/user-rule.ts";

/** Makes views by one set of rules. */
export interface Cleaner {
  /**
   * Makes the view of an object that is written to the mirror and to Git: without what the cluster puts there by itself.
   * Never leaves out what last-applied-configuration or a server-side Apply holds (a rule names the controllers whose
   * Apply is nobody's wish), anything within a list of a custom resource, or anything for being empty. The input is not
   * changed; cleaning twice gives the same object.
   * @param type what the object is; by default what it says itself
   */
  clean(object: JsonObject, type?: ObjectType, options?: CleanOptions): Cleaned;
  /** Why a view leaves this whole object out, e.g. the default ServiceAccount; undefined when it belongs in. */
  dropReason(object: JsonObject, type?: ObjectType): DropReason | undefined;
  /**
   * Whether `clean` certainly makes of an object what it made of another of its type, with the same options: for
   * copies of one object in several clusters this is known in a fraction of the time. In doubt the answer is no.
   * @param object at most 1,000 levels deep
   */
  cleansAlike(object: JsonObject, other: Viewed): boolean;
  /** Another one means that views are written differently: `rulesVersion`, with a digest of the settings if there are any. */
  readonly fingerprint: string;
}

/**
 * The built-in rules, without those that are switched off, and then one's own.
 * @throws CleanError "settings", naming every key that cannot be used
 */
export function createCleaner(settings: CleanSettings = {}): Cleaner {
  const problems = settingProblems(settings);
  if (problems.length > 0) throw unusable(problems.map(({ path, text }) => `${keyOf(path)}: ${text}`).join("; "));
  const { disable, rules = [] } = settings;
  const disabled = new Set(disable);
  const builtIn = cleaningRules.filter(({ id }) => !disabled.has(id));
  const fieldsOf = applyingTo([...builtIn, ...rules.map(userRule)]);
  const objectsOf = applyingTo(dropRules.filter(({ id }) => !disabled.has(id)));
  return {
    clean: (object, type = typeOfObject(object), options = {}) => cleanWith(fieldsOf(type), object, type, options),
    dropReason: (object, type = typeOfObject(object)) => dropReasonIn(objectsOf(type), object),
    // A rule of one's own may ask for anything that an object has.
    cleansAlike: (object, other) => rules.length === 0 && cleansAlike(object, other),
    fingerprint: fingerprintOf(settings),
  };
}

/** Objects of as many clusters may come in turn. */
const RECENT = 8;

/** Those of the rules that apply to a type. Objects come type by type, so one of the last answers is the next one. */
function applyingTo<Rule extends { appliesTo(type: ObjectType): boolean }>(
  rules: readonly Rule[],
): (type: ObjectType) => readonly Rule[] {
  const recent: { readonly type: ObjectType; readonly rules: readonly Rule[] }[] = [];
  return (type) => {
    for (const known of recent) if (known.type === type) return known.rules;
    const applying = rules.filter((rule) => rule.appliesTo(type));
    recent.unshift({ type, rules: applying });
    recent.length = Math.min(recent.length, RECENT);
    return applying;
  };
}

function fingerprintOf({ disable = [], rules = [] }: CleanSettings): string {
  if (disable.length === 0 && rules.length === 0) return rulesVersion;
  const told = rules.map((rule) => [rule.id, rule.types, rule.remove, rule.when ?? "", rule.evenIfApplied]);
  const digest = createHash("sha256").update(JSON.stringify([[...disable].sort(), told]));
  return `${rulesVersion}-${digest.digest("hex").slice(0, 12)}`;
}

/** "clean.rules[0].when", as the configuration's own messages write it. */
function keyOf(path: SettingProblem["path"]): string {
  return path.reduce<string>((key, step) => (typeof step === "number" ? `${key}[${step}]` : `${key}.${step}`), "clean");
}

function unusable(problem: string): CleanError {
  return new CleanError({
    kind: "settings",
    who: "clean",
    operation: "read the cleaning rules",
    problem,
    next: "`kubeferry clean --rules` lists the built-in ones; see docs/reference/configuration.md#clean",
  });
}
