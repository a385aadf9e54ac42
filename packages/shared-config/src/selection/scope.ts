import { compilePattern, type Pattern } from "./pattern.ts";

/** Two lists of names, globs or regular expressions; exclude beats include, an empty include means all. */
export interface IncludeExclude {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Which objects are looked at, by where they are and what they are called. */
export interface NameScope {
  readonly namespaces?: IncludeExclude;
  readonly names?: IncludeExclude;
}

/** Why an object is not looked at. */
export type ScopeReason = "namespace_excluded" | "namespace_not_included" | "name_excluded" | "name_not_included";

/** What places an object: its type, its namespace if it has one, its name. */
export interface Placed {
  /** "namespaces" or "deployments.apps", as `typeName` gives it. */
  readonly resource: string;
  readonly namespace?: string;
  readonly name: string;
}

/** A scope, ready to be asked. */
export interface Scope {
  /** Undefined: the object is in it. */
  outOfScope(object: Placed): ScopeReason | undefined;
  /** Entries of `namespaces.include` that have fitted nothing so far: mistyped, or gone. */
  idleNamespaces(): readonly string[];
}

/**
 * Makes a scope out of lists. Namespaces do not matter for cluster-scoped objects, except that a Namespace counts as
 * being in itself.
 */
export function createScope({ namespaces, names }: NameScope): Scope {
  const places = remembering(compileLists(namespaces));
  const called = compileLists(names);
  return {
    outOfScope({ resource, namespace, name }) {
      const place = resource === "namespaces" ? name : namespace;
      if (place !== undefined) {
        const verdict = places.verdict(place);
        if (verdict !== "in") return verdict === "excluded" ? "namespace_excluded" : "namespace_not_included";
      }
      const verdict = called.verdict(name);
      if (verdict === "in") return undefined;
      return verdict === "excluded" ? "name_excluded" : "name_not_included";
    },
    idleNamespaces: () => places.idle(),
  };
}

interface Lists {
  verdict(name: string): "in" | "excluded" | "not_included";
  idle(): readonly string[];
}

function compileLists(lists: IncludeExclude = { include: [], exclude: [] }): Lists {
  const include = lists.include.map((text) => compilePattern(text));
  const exclude = lists.exclude.map((text) => compilePattern(text));
  const hit = new Set<Pattern>();
  return {
    verdict(name) {
      const fitting = include.filter((pattern) => pattern.matches(name));
      for (const pattern of fitting) hit.add(pattern);
      if (exclude.some((pattern) => pattern.matches(name))) return "excluded";
      return include.length === 0 || fitting.length > 0 ? "in" : "not_included";
    },
    idle: () => include.filter((pattern) => !hit.has(pattern)).map(({ text }) => text),
  };
}

/** Objects come sorted by namespace, and an expression costs about 10 µs: the last answer stands for the next object. */
function remembering(lists: Lists): Lists {
  let last: { readonly name: string; readonly verdict: ReturnType<Lists["verdict"]> } | undefined;
  return {
    verdict(name) {
      if (last?.name !== name) last = { name, verdict: lists.verdict(name) };
      return last.verdict;
    },
    idle: lists.idle,
  };
}
