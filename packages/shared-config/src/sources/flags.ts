import { parseDocument } from "yaml";
import { type ConfigKey, keysAt } from "../keys.ts";
import { branch, merge, type Origin, type Sourced } from "../sourced.ts";

/** Overrides by dotted path: `{ "log.level": "debug", "gitops.namespaces": ["shop"] }`. An undefined value says nothing. */
export type ConfigFlags = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** What the command line says; a key that is a list takes it as a file writes it in one line, too: `[shop, "team-*"]`. */
export function readFlags(flags: ConfigFlags, keys: readonly ConfigKey[]): Sourced | undefined {
  return Object.entries(flags)
    .filter(([, value]) => value !== undefined)
    .map(([flag, value]) => {
      const path = flag.split(".");
      const isList = keysAt(keys, path).some(({ node }) => node.type === "array");
      return branch(path, sourced(isList ? listOf(value) : value, { kind: "flag", flag }));
    })
    .reduce<Sourced | undefined>(merge, undefined);
}

/** The list that a text stands for; a text that stands for none is left to the schema, whose message says what it takes. */
function listOf(value: unknown): unknown {
  if (typeof value !== "string" || !value.startsWith("[")) return value;
  const document = parseDocument(value);
  const items: unknown = document.errors.length === 0 ? document.toJS() : undefined;
  return Array.isArray(items) && items.every((item) => typeof item === "string") ? items : value;
}

function sourced(value: unknown, origin: Origin): Sourced {
  if (!Array.isArray(value)) return { kind: "leaf", origin, value };
  return { kind: "list", origin, items: value.map((item: unknown) => ({ kind: "leaf", origin, value: item })) };
}
