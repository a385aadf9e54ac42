import { typeName } from "@kubeferry/model";
import { type BackupConfig, compilePattern, compileTypePattern, type NamedType } from "@kubeferry/shared-config";
import { isSecrets } from "@kubeferry/snapshot";
import { isOpenShiftGroup } from "./open-shift.ts";
import type { TypeReason, TypeVerdict } from "./reason.ts";
import { defaultSkip } from "./skip-list.ts";

/** Decides about types; pure. */
export interface TypeFilter {
  verdict(type: NamedType): TypeVerdict;
  /** Sentences about entries that name none of these types, and about lists that the mode does not look at. */
  idle(types: readonly NamedType[]): readonly string[];
}

/** One list of the configuration, ready to be asked. */
interface NamedList {
  /** Below backup.filter: "resources.include". */
  readonly key: string;
  readonly entries: readonly { readonly text: string; matches(type: NamedType): boolean }[];
}

/**
 * Makes the filter of a configuration. In this order: credentials when they are omitted, an override's `take`, what is
 * excluded, OpenShift's groups when they are not wanted, what is not included, what is left out by default.
 */
export function createTypeFilter({ filter, secrets }: BackupConfig): TypeFilter {
  const lists = typeLists(filter);
  const chosen = filter.mode === "blacklist" ? [] : [...lists.include, lists.crds];
  const everything = lists.include.every(({ entries }) => entries.length === 0);
  const overrides = Object.entries(filter.overrides).map(([name, rules]) => ({ ...compileTypePattern(name), rules }));

  function verdict(type: NamedType): TypeVerdict {
    const omitted = isSecrets(type) ? omittedBy(secrets, type) : undefined;
    if (omitted !== undefined) return left("secrets_omitted", omitted);
    const override = overrides.find(({ rules, matches }) => rules.take !== undefined && matches(type));
    if (override !== undefined) return overridden(override.text, override.rules.take === true);
    const excluded = hit(lists.exclude, type);
    if (excluded !== undefined) return left("excluded_by_blacklist", excluded);
    const unwanted = isOpenShiftGroup(type.group) ? openShiftWish(filter) : undefined;
    if (unwanted !== undefined) return left("openshift_disabled", unwanted);
    const included = hit(chosen, type);
    if (included === undefined && filter.mode !== "blacklist" && !everything) {
      return left("not_in_whitelist", `no list of mode ${filter.mode} has it`);
    }
    return byDefault(type, included);
  }

  function byDefault(type: NamedType, included: string | undefined): TypeVerdict {
    const skip = defaultSkip(type);
    const also = hit([lists.alsoTake], type);
    if (skip === undefined) {
      return included === undefined ? taken("by_default", "") : taken("included", included);
    }
    if (also !== undefined) return taken("also_taken", also);
    const named = hit(chosen.map(byFullName), type);
    return named === undefined ? left("skipped_by_default", skip) : taken("included", named);
  }

  const unused = filter.mode === "blacklist" ? [...lists.include, lists.crds] : [];
  const used = [...chosen, ...lists.exclude, lists.alsoTake, ...otherLists(filter)];
  return { verdict, idle: (types) => [...unused.flatMap(unusedIn), ...used.flatMap((list) => idleIn(list, types))] };
}

/** Values are taken out of Secrets alone: other types that are credentials as a whole are in clear, encrypted or not there. */
function omittedBy(secrets: BackupConfig["secrets"], type: NamedType): string | undefined {
  if (secrets === "omit") return "backup.secrets is omit";
  if (secrets !== "withhold" || typeName(type) === "secrets") return undefined;
  return "its objects are credentials, and backup.secrets is withhold";
}

function left(reason: TypeReason, detail: string): TypeVerdict {
  return { taken: false, reason, detail };
}

function taken(reason: (TypeVerdict & { taken: true })["reason"], detail: string): TypeVerdict {
  return { taken: true, reason, detail };
}

function overridden(name: string, take: boolean): TypeVerdict {
  const detail = `backup.filter.overrides.${name}.take is ${take}`;
  return take ? taken("taken_by_override", detail) : left("excluded_by_override", detail);
}

function openShiftWish(filter: BackupConfig["filter"]): string | undefined {
  if (filter.openShift === "disabled") return "backup.filter.openShift is disabled";
  return filter.openShiftResources ? undefined : "backup.filter.openShiftResources is false";
}

function typeLists({ resources, groups, kinds, crds, alsoTake }: BackupConfig["filter"]) {
  const both = (side: "include" | "exclude"): NamedList[] => [
    listOf(`resources.${side}`, resources[side], (text) => compileTypePattern(text).matches),
    listOf(`groups.${side}`, groups[side], groupMatcher),
    listOf(`kinds.${side}`, kinds[side], kindMatcher),
  ];
  return {
    include: both("include"),
    exclude: both("exclude"),
    crds: listOf("crds", crds, (text) => compileTypePattern(text).matches),
    alsoTake: listOf("alsoTake", alsoTake, (text) => compileTypePattern(text).namesFully),
  };
}

/** Lists that say nothing about whether a type is taken, and can be mistyped all the same. */
function otherLists({ overrides, priorities }: BackupConfig["filter"]): NamedList[] {
  const matcher = (text: string) => compileTypePattern(text).matches;
  return [listOf("overrides", Object.keys(overrides), matcher), listOf("priorities", Object.keys(priorities), matcher)];
}

type Matcher = (type: NamedType) => boolean;

function groupMatcher(text: string): Matcher {
  const { matches } = compilePattern(text, { anyCase: true });
  return ({ group }) => matches(group === "" ? "core" : group);
}

function kindMatcher(text: string): Matcher {
  const { matches } = compilePattern(text, { anyCase: true });
  return ({ kind }) => matches(kind);
}

function listOf(key: string, texts: readonly string[], matcherOf: (text: string) => Matcher): NamedList {
  return { key, entries: texts.map((text) => ({ text, matches: matcherOf(text) })) };
}

/** Only an entry that is a type's full name brings back what is left out by default: a glob is not meant for it. */
function byFullName({ key, entries }: NamedList): NamedList {
  const texts = entries.map(({ text }) => text).filter((text) => !/[*?/]/.test(text));
  return listOf(key, key === "crds" || key === "resources.include" ? texts : [], (text) => {
    return compileTypePattern(text).namesFully;
  });
}

function hit(lists: readonly NamedList[], type: NamedType): string | undefined {
  for (const { key, entries } of lists) {
    const entry = entries.find(({ matches }) => matches(type));
    if (entry !== undefined) return `backup.filter.${key} has ${entry.text}`;
  }
  return undefined;
}

function idleIn({ key, entries }: NamedList, types: readonly NamedType[]): string[] {
  return entries
    .filter(({ matches }) => !types.some(matches))
    .map(({ text }) => `backup.filter.${key}: "${text}" fits no type that the API server serves`);
}

function unusedIn({ key, entries }: NamedList): string[] {
  return entries.length === 0 ? [] : [`backup.filter.${key} is not looked at in mode blacklist`];
}
