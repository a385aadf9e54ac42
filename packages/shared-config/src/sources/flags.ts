import { branch, merge, type Origin, type Sourced } from "../sourced.ts";

/** Overrides by dotted path: `{ "log.level": "debug", "gitops.namespaces": ["shop"] }`. An undefined value says nothing. */
export type ConfigFlags = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** What the command line says. */
export function readFlags(flags: ConfigFlags): Sourced | undefined {
  return Object.entries(flags)
    .filter(([, value]) => value !== undefined)
    .map(([flag, value]) => branch(flag.split("."), sourced(value, { kind: "flag", flag })))
    .reduce<Sourced | undefined>(merge, undefined);
}

function sourced(value: unknown, origin: Origin): Sourced {
  if (!Array.isArray(value)) return { kind: "leaf", origin, value };
  return { kind: "list", origin, items: value.map((item: unknown) => ({ kind: "leaf", origin, value: item })) };
}
