import type { Assignment, ChannelFact } from "../part.ts";
import type { Sourced } from "../sourced.ts";
import { truthOf } from "./truth-of.ts";

/** The values that an old one stands for, or why it cannot be read. */
type Reading = { readonly values: readonly Pick<Assignment, "path" | "node">[] } | { readonly problem: string };

/** What became of an old name in this version. */
export type Became =
  /** The value of one or more of our keys; `how` where it does not go over as it is. */
  | {
      readonly kind: "keys";
      readonly keys: readonly string[];
      readonly how: string;
      readonly read: (node: Sourced, names: readonly string[]) => Reading;
    }
  /** One of its two values is what this version always does; the other one is not offered. */
  | { readonly kind: "always"; readonly value: boolean; readonly why: string }
  /** Read together with what else is said of environments. */
  | { readonly kind: "environment"; readonly keys: readonly string[]; readonly how: string }
  /** Put together with what else is said of channels to tell people through. */
  | {
      readonly kind: "channel";
      readonly keys: readonly string[];
      readonly how: string;
      readonly fact: Pick<ChannelFact, "channel" | "says">;
    }
  | { readonly kind: "unused"; readonly why: string };

/** One old name: a dotted path in files ("*": a name that people chose), a file's name in a folder, or a variable. */
export interface OldName {
  readonly old: string;
  readonly became: Became;
}

/** The value of that key, as it is. `<name>` in the key is what `*` matched. */
export function key(name: string): Became {
  return {
    kind: "keys",
    keys: [name],
    how: "",
    read: (node, names) => ({ values: [{ path: pathOf(name, names), node }] }),
  };
}

/** A truth that two words of ours stand for. */
export function wordFor(name: string, { yes, no }: { readonly yes: string; readonly no: string }): Became {
  const read = (node: Sourced, names: readonly string[]): Reading => {
    if (node.kind === "leaf" && node.unresolved !== undefined) return { problem: node.unresolved };
    const truth = truthOf(node);
    if (node.kind !== "leaf" || truth === undefined) return { problem: "expected true or false" };
    return { values: [{ path: pathOf(name, names), node: { ...node, value: truth ? yes : no } }] };
  };
  return { kind: "keys", keys: [name], how: `\`true\` is \`${yes}\`, \`false\` is \`${no}\``, read };
}

/** The value of that key, as it is; written as a variable that is not set, or as nothing, it says nothing. */
export function whereSet(name: string): Became {
  const read = (node: Sourced): Reading => {
    const empty = node.kind === "leaf" && (node.unresolved !== undefined || String(node.value ?? "").trim() === "");
    return { values: empty ? [] : [{ path: name.split("."), node }] };
  };
  return { kind: "keys", keys: [name], how: "", read };
}

/** A list, written with one entry a line. */
export function lines(name: string): Became {
  const read = (node: Sourced, names: readonly string[]): Reading => ({
    values: [{ path: pathOf(name, names), node: linesOf(node) }],
  });
  return { kind: "keys", keys: [name], how: "one entry a line", read };
}

/** Path of a cluster in the bucket, "<domain>/<name>". */
export function clusterPrefix(): Became {
  const read = (node: Sourced): Reading => {
    if (node.kind === "leaf" && node.unresolved !== undefined) return { problem: node.unresolved };
    const [domain = "", name = "", ...more] = node.kind === "leaf" ? String(node.value).split("/") : [];
    if (domain === "" || name === "" || more.length > 0) return { problem: 'expected "<domain>/<name>" of a cluster' };
    return {
      values: [
        { path: ["cluster", "domain"], node: { ...node, kind: "leaf", value: domain } },
        { path: ["cluster", "name"], node: { ...node, kind: "leaf", value: name } },
      ],
    };
  };
  return { kind: "keys", keys: ["cluster.domain", "cluster.name"], how: "the path of one cluster", read };
}

/** What this version always does; the opposite loads with a notice. */
export function always(value: boolean, why: string): Became {
  return { kind: "always", value, why };
}

/** Loads with a notice. */
export function unused(why: string): Became {
  return { kind: "unused", why };
}

/** One of the names of environments and their clusters. */
export function ofEnvironment(name: string, how = ""): Became {
  return { kind: "environment", keys: [name], how };
}

/** One of the names of channels; they count where notifications are switched on. */
export function ofChannel(channel: ChannelFact["channel"], says: ChannelFact["says"]): Became {
  const own = says === "success" || says === "failure" ? "on" : says;
  const how = { url: "", channel: "", success: "`success`", failure: "`failure`, `partial`, `drift` and `recovered`" };
  return {
    kind: "channel",
    keys: [`notifications.channels.${channel}.${own}`],
    how: how[says],
    fact: { channel, says },
  };
}

function pathOf(name: string, names: readonly string[]): readonly string[] {
  return name.split(".").map((step) => (step === "<name>" ? (names[0] ?? step) : step));
}

/** A text of lines as a list; anything else as it is. */
export function linesOf(node: Sourced): Sourced {
  if (node.kind !== "leaf" || typeof node.value !== "string" || node.unresolved !== undefined) return node;
  const entries = node.value.split(/\r?\n/).map((line) => line.trim());
  const items = entries.filter((line) => line !== "").map((value): Sourced => ({ ...node, value }));
  return { kind: "list", origin: node.origin, items };
}
