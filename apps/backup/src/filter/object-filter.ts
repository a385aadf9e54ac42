import {
  isJsonObject,
  type JsonObject,
  matchesSelector,
  parseJson,
  parseSelector,
  type ResourceType,
  splitObjectKey,
  typeName,
} from "@kubeferry/model";
import {
  compilePattern,
  compileTypePattern,
  createScope,
  type FilterConfig,
  type IncludeExclude,
} from "@kubeferry/shared-config";
import type { CapturedObject, CaptureScope } from "@kubeferry/snapshot";
import type { ObjectReason } from "./reason.ts";

/** Decides about the objects of one type. */
export interface ObjectFilter {
  /** Which objects are looked at, as the manifest says it; undefined: all. */
  readonly scope: CaptureScope | undefined;
  /** Why an object is left out; undefined when it is taken. The label selector is the API server's to apply. */
  leftOut(object: Pick<CapturedObject, "key" | "line">): Exclude<ObjectReason, "label_selector" | "owned"> | undefined;
  /** True when an object of this name would be in the snapshot if it existed. */
  surelyTakes(key: CapturedObject["key"]): boolean;
  /** The namespaces to list one by one where the whole cluster may not be listed: only where all are named plainly. */
  readonly plainNamespaces: readonly string[] | undefined;
  /** Entries of the general `namespaces.include` that fitted nothing so far. */
  idleNamespaces(): readonly string[];
}

/** Makes the filter of one type: the general lists, or an override's where it writes its own. */
export function createObjectFilter(type: ResourceType, filter: FilterConfig): ObjectFilter {
  const scope = scopeOf(type, filter);
  const name = typeName(type);
  const names = createScope(scope ?? {});
  const annotations = scope?.annotationSelector === undefined ? undefined : parseSelector(scope.annotationSelector);
  const selected = scope?.labelSelector !== undefined || annotations !== undefined;
  const outOfScope = (key: CapturedObject["key"]) =>
    names.outOfScope({ resource: name, ...splitObjectKey(key, type.namespaced) });
  return {
    scope,
    leftOut({ key, line }) {
      const reason = outOfScope(key);
      if (reason !== undefined || annotations === undefined) return reason;
      return matchesSelector(annotations, annotationsOf(line)) ? undefined : "annotation_selector";
    },
    surelyTakes: (key) => !selected && outOfScope(key) === undefined,
    plainNamespaces: type.namespaced ? plainNamespaces(scope?.namespaces) : undefined,
    idleNamespaces: () => (scope?.namespaces === undefined ? filter.namespaces.include : names.idleNamespaces()),
  };
}

/** What of the configuration's lists matters for a type; lists that say nothing are left out. */
function scopeOf(type: ResourceType, filter: FilterConfig): CaptureScope | undefined {
  const own = Object.entries(filter.overrides).find(([name]) => compileTypePattern(name).matches(type))?.[1];
  const namespaced = type.namespaced || typeName(type) === "namespaces";
  const namespaces = namespaced ? listsOf(filter.namespaces, own?.namespaces) : undefined;
  const names = listsOf(filter.names, own?.names);
  const labelSelector = own?.labelSelector ?? filter.labelSelector;
  const annotationSelector = own?.annotationSelector ?? filter.annotationSelector;
  const scope = {
    ...(namespaces === undefined ? {} : { namespaces }),
    ...(names === undefined ? {} : { names }),
    ...(labelSelector === undefined ? {} : { labelSelector }),
    ...(annotationSelector === undefined ? {} : { annotationSelector }),
  };
  return Object.keys(scope).length === 0 ? undefined : scope;
}

/** A list that an override writes stands instead of the general one. */
function listsOf(general: IncludeExclude, own: IncludeExclude | undefined): IncludeExclude | undefined {
  const include = own !== undefined && own.include.length > 0 ? own.include : general.include;
  const exclude = own !== undefined && own.exclude.length > 0 ? own.exclude : general.exclude;
  return include.length + exclude.length === 0 ? undefined : { include, exclude };
}

function plainNamespaces(lists: IncludeExclude | undefined): readonly string[] | undefined {
  if (lists === undefined || lists.include.length === 0) return undefined;
  if (!lists.include.every((text) => compilePattern(text).plain)) return undefined;
  const excluded = lists.exclude.map((text) => compilePattern(text));
  return [...new Set(lists.include)].filter((name) => !excluded.some((pattern) => pattern.matches(name)));
}

function annotationsOf(line: CapturedObject["line"]): JsonObject {
  const { metadata } = parseJson(line.toString("utf8")) as JsonObject;
  const annotations = isJsonObject(metadata) ? metadata.annotations : undefined;
  return isJsonObject(annotations) ? annotations : {};
}
