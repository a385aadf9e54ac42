import type { JsonObject } from "@kubeferry/model";
import { namespaceOf } from "../catalog.ts";
import type { Findings } from "../findings.ts";
import type { GitRef } from "../git-ref.ts";
import type { Environment } from "../read/open-sources.ts";
import { adoptsNamespace, type NamespaceScope } from "../select/namespace-scope.ts";
import { mapNamespaces, type NamespaceNames } from "./namespaces/map-namespaces.ts";
import { countMentions } from "./namespaces/mentions.ts";
import { applyOverrides } from "./overrides/apply-overrides.ts";
import { type Rule, ruleName } from "./overrides/rule.ts";
import { allRules, type OverrideRules, rulesOf } from "./overrides/rules.ts";
import type { SettingsOf } from "./settings.ts";

/** An object as one environment has it. */
interface Variant {
  readonly environment: string;
  readonly object: JsonObject;
}

/** An object as Git holds it of its source. */
interface SourceObject {
  readonly source: string;
  readonly folder: string;
  readonly ref: GitRef;
  readonly object: JsonObject;
}

/** What environments make of the objects of their sources. */
export interface Variants {
  /**
   * The object as each environment of its source has it: only those to which it is another one.
   * @throws GitOpsError "config" for a patch that cannot be applied
   */
  of(varied: SourceObject, scaled: boolean): readonly Variant[];
  /** Says, once every object went through, which overrides fitted none, and which texts name a renamed namespace. */
  warn(findings: Findings): void;
}

/** What decides what environments change. */
interface VariantOptions {
  readonly environments: readonly Environment[];
  readonly settingsOf: SettingsOf;
  readonly namespaces: NamespaceScope;
}

/** What one environment changes in a namespace. */
interface EnvironmentRules {
  readonly environment: string;
  readonly rules: OverrideRules;
}

/** Begins a run. */
export function createVariants({ environments, settingsOf, namespaces }: VariantOptions): Variants {
  const fitting = createFitting();
  const mentions = new Map<string, { texts: number; objects: number }>();
  const rulesIn = memoised((source, folder) => {
    const namespace = namespaceOf(folder);
    const own = environments.filter((each) => each.source === source);
    return own.flatMap(({ name: environment }): readonly EnvironmentRules[] => {
      const { overridden, layers } = settingsOf(namespace, environment);
      return overridden ? [{ environment, rules: fitting.expect(rulesOf(layers)) }] : [];
    });
  });
  return {
    of({ source, folder, ref, object }, scaled) {
      return rulesIn(source, folder).flatMap(({ environment, rules }): readonly Variant[] => {
        const overridden = applyOverrides(object, rules, { ref, environment, scaled }, fitting.found);
        const nameOf = namesIn(environment, settingsOf, namespaces);
        const mapped = mapNamespaces(overridden, ref, nameOf);
        count(mentions, environment, countMentions({ before: overridden, after: mapped }, nameOf));
        return mapped === object ? [] : [{ environment, object: mapped }];
      });
    },
    warn(findings) {
      for (const rule of fitting.missed()) findings.warn(`${ruleName(rule)} matches nothing`);
      for (const [environment, { texts, objects }] of mentions) findings.warn(mentionText(environment, texts, objects));
    },
  };
}

/** What namespaces are called where an environment is deployed: those that are adopted, and those overrides count for. */
export function namesIn(environment: string, settingsOf: SettingsOf, scope: NamespaceScope): NamespaceNames {
  return (namespace) =>
    adoptsNamespace(namespace, scope) ? (settingsOf(namespace, environment).namespace ?? namespace) : namespace;
}

/** Which rules fitted anything; a layer of two environments is the same rule in both. */
function createFitting() {
  const expected = new Map<string, Rule<unknown>>();
  const found = new Set<string>();
  return {
    expect(rules: OverrideRules): OverrideRules {
      for (const rule of allRules(rules)) expected.set(ruleName(rule), rule);
      return rules;
    },
    found: (rule: Rule<unknown>): void => void found.add(ruleName(rule)),
    missed: () => [...expected].filter(([name]) => !found.has(name)).map(([, rule]) => rule),
  };
}

function memoised<Result>(
  make: (source: string, folder: string) => Result,
): (source: string, folder: string) => Result {
  const known = new Map<string, Result>();
  return (source, folder) => {
    const key = `${source} ${folder}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const result = make(source, folder);
    known.set(key, result);
    return result;
  };
}

function count(mentions: Map<string, { texts: number; objects: number }>, environment: string, texts: number): void {
  if (texts === 0) return;
  const so = mentions.get(environment) ?? { texts: 0, objects: 0 };
  mentions.set(environment, { texts: so.texts + texts, objects: so.objects + 1 });
}

function mentionText(environment: string, texts: number, objects: number): string {
  const [text, object] = [texts === 1 ? "1 text" : `${texts} texts`, objects === 1 ? "1 object" : `${objects} objects`];
  return `environment ${environment}: ${text} in ${object} name a namespace that is called otherwise there, such as in "db.shop.svc", and are left as they are; patches can change them`;
}
