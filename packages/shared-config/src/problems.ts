import type { z } from "zod";
import type { ConfigProblem } from "./config-error.ts";
import { type ConfigKey, expectation, isSecretKey, keysAt, listed } from "./keys.ts";
import { insteadOf } from "./nearest-key.ts";
import { variableOf } from "./old-names/variables.ts";
import { dotted, type KeyPath, nearestNode, nodeAt, originText, type Sourced } from "./sourced.ts";

/** Longer values are cut: a message is read in a terminal. */
const MAX_SHOWN = 60;

type Issue = z.core.$ZodIssue;

/** What a checked tree is, and how messages are to name its paths. */
export interface Checked {
  readonly tree: Sourced;
  readonly keys: readonly ConfigKey[];
  readonly nameOf: (path: KeyPath) => string;
}

/** Turns what the schema found into problems in our words, with where each was written. */
export function problemsOf(issues: readonly Issue[], checked: Checked): readonly ConfigProblem[] {
  return issues.flatMap((issue) => problemsOfIssue(issue, checked));
}

function problemsOfIssue(issue: Issue, checked: Checked): readonly ConfigProblem[] {
  const path = issue.path.filter((step) => typeof step !== "symbol");
  if (issue.code === "unrecognized_keys") {
    const variant = typeAt(checked.tree, path);
    return issue.keys.map((key) => at([...path, key], checked, insteadOf(key, path, checked.keys, variant)));
  }
  if (issue.code === "invalid_key") return issue.issues.map((inner) => at(path, checked, inner.message));
  return [at(path, checked, textOf(issue, path, checked))];
}

function at(path: KeyPath, { tree, nameOf }: Checked, text: string): ConfigProblem {
  const origin = nearestNode(tree, path)?.origin;
  // The root stands at the first line of whatever came last, which says nothing.
  const source = origin === undefined || nearestNode(tree, path) === tree ? "" : originText(origin);
  return { path: nameOf(path), source, text };
}

function typeAt(tree: Sourced, path: KeyPath): string | undefined {
  const type = nodeAt(tree, [...path, "type"]);
  return type?.kind === "leaf" && typeof type.value === "string" ? type.value : undefined;
}

function textOf(issue: Issue, path: KeyPath, { tree, keys }: Checked): string {
  const node = nodeAt(tree, path);
  const key = keyAt(path, tree, keys);
  if (node === undefined && issue.code !== "custom") return missingText(dotted(path), issue, key);
  switch (issue.code) {
    case "custom":
    case "invalid_format":
      return withoutExpanded(issue.message, node);
    case "invalid_union":
      return `expected ${listed(optionsOf(issue))}, got ${shown(node, key)}`;
    case "too_small":
      // Texts and lists carry their own message.
      return issue.origin === "number" ? `expected ${rangeOf(key)}, got ${shown(node, key)}` : issue.message;
    default:
      return wrongType(node, key, issue);
  }
}

function keyAt(path: KeyPath, tree: Sourced, keys: readonly ConfigKey[]): ConfigKey | undefined {
  const found = keysAt(keys, path);
  const key = found.length > 1 ? found.find((each) => each.variant === typeAt(tree, path.slice(0, -1))) : found[0];
  const items = typeof path.at(-1) === "number" ? key?.node.items : undefined;
  return key === undefined || items === undefined ? key : { ...key, node: items };
}

// A check's own words may quote the value; what came out of ${…} stays out of them.
function withoutExpanded(message: string, node: Sourced | undefined): string {
  const value = node?.kind === "leaf" && node.expanded === true ? String(node.value) : "";
  return value === "" ? message : message.replaceAll(value, `\${…}`);
}

function missingText(path: string, issue: Issue, key: ConfigKey | undefined): string {
  const variable = variableOf(path);
  const orSet = variable === undefined ? "" : `, or set ${variable}`;
  if (issue.code === "invalid_union") return `missing; write ${listed(optionsOf(issue))}${orSet}`;
  if (path === "store")
    return "missing; write store: { type: s3, … } or { type: folder, path: … }, or set MINIO_ENDPOINT";
  const wanted = key === undefined ? "it" : expectation(key.node);
  return `missing; write ${wanted}${orSet}`;
}

function optionsOf(issue: Issue): readonly string[] {
  return "options" in issue && Array.isArray(issue.options) ? issue.options.map(String) : [];
}

function rangeOf(key: ConfigKey | undefined): string {
  return key === undefined ? "another number" : expectation(key.node);
}

function wrongType(node: Sourced | undefined, key: ConfigKey | undefined, issue: Issue): string {
  // A schema that brings its own words (durations, lists) knows better than the type does.
  const said = issue.message.startsWith("expected ") ? issue.message : undefined;
  const wanted = said ?? `expected ${key === undefined ? "another value" : expectation(key.node)}`;
  const quoted =
    key?.node.type === "string" && node?.kind === "leaf" && node.value !== null && key.node.enum === undefined;
  return `${wanted}, got ${shown(node, key)}${quoted && said === undefined ? "; put it in quotes" : ""}`;
}

// A secret key's value and whatever came out of ${…} are described, never repeated.
function shown(node: Sourced | undefined, key: ConfigKey | undefined): string {
  if (node === undefined) return "nothing";
  if (node.kind === "map") return "a section";
  if (node.kind === "list") return "a list";
  if (node.value === null) return "nothing (an empty value)";
  if (key !== undefined && isSecretKey(key)) return `a ${typeof node.value}`;
  if (node.expanded === true) return `the value that its \${…} stands for`;
  const text = JSON.stringify(node.value) ?? String(node.value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}
