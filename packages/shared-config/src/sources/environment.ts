import type { OldName } from "../old-names/became.ts";
import { readOldName, together } from "../old-names/read-old-name.ts";
import { environmentOf, VARIABLES } from "../old-names/variables.ts";
import { EMPTY_PART, type Part } from "../part.ts";
import type { Origin, Sourced } from "../sourced.ts";

/** Reads the variables that stand for keys. An empty one counts as not set. */
export function readEnvironment(env: NodeJS.ProcessEnv): Part {
  return together(
    VARIABLES.flatMap((name) => {
      const value = env[name.old] ?? "";
      return value === "" ? [] : [readVariable(name, name.old, value, { kind: "environment", variable: name.old })];
    }),
  );
}

/** One variable, wherever its value was written, and under which spelling. */
export function readVariable(name: OldName, old: string, value: string, origin: Origin): Part {
  const node: Sourced = { kind: "leaf", origin, value };
  const written = readOldName({ old, name, node, names: [] });
  if (name.became.kind !== "environment") return written;
  const fact = { environment: environmentOf(name.old), says: "server", node, old } as const;
  return { ...EMPTY_PART, environments: [fact] };
}
