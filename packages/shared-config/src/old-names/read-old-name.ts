import { EMPTY_PART, type OldNameUse, type Part } from "../part.ts";
import { originText, type Sourced } from "../sourced.ts";
import type { OldName } from "./became.ts";
import { truthOf } from "./truth-of.ts";

/** A value under an old name. */
export interface WrittenOld {
  /** The name as it was written, with what stood for `*`. */
  readonly old: string;
  readonly name: OldName;
  readonly node: Sourced;
  /** What `*` matched. */
  readonly names: readonly string[];
}

/** What one value under an old name says. Those of environments and of channels are put together elsewhere. */
export function readOldName({ old, name, node, names }: WrittenOld): Part {
  const source = originText(node.origin);
  const { became } = name;
  const said = (use: Pick<OldNameUse, "keys" | "note" | "level">): Part => ({
    ...EMPTY_PART,
    uses: [{ old, origin: node.origin, ...use }],
  });
  const refused = (text: string): Part => ({ ...EMPTY_PART, problems: [{ path: old, source, text }] });
  switch (became.kind) {
    case "unused":
      return said({ keys: [], note: became.why, level: "notice" });
    case "always": {
      if (node.kind === "leaf" && node.unresolved !== undefined) return refused(node.unresolved);
      const truth = truthOf(node);
      if (truth === undefined) return refused("expected true or false");
      return said({ keys: [], note: became.why, level: truth === became.value ? "quiet" : "notice" });
    }
    case "environment":
      return EMPTY_PART;
    case "channel":
      return { ...EMPTY_PART, channels: [{ ...became.fact, node, old }] };
    case "keys": {
      const reading = became.read(node, names);
      if ("problem" in reading) return refused(reading.problem);
      const assignments = reading.values.map((value) => ({ ...value, old }));
      const keys = assignments.map(({ path }) => path.join("."));
      return { ...said({ keys, note: "", level: "quiet" }), assignments };
    }
    default:
      return became satisfies never;
  }
}

/** Several parts of one source as one. */
export function together(parts: readonly Part[]): Part {
  return {
    tree: undefined,
    assignments: parts.flatMap(({ assignments }) => assignments),
    environments: parts.flatMap(({ environments }) => environments),
    channels: parts.flatMap(({ channels }) => channels),
    uses: parts.flatMap(({ uses }) => uses),
    problems: parts.flatMap(({ problems }) => problems),
  };
}
