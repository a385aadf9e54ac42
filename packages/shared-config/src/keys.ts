import { z } from "zod";
import { configSchema } from "./schema/config.ts";

/** The part of JSON Schema that our schema comes out as. */
export interface SchemaNode {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | SchemaNode;
  readonly oneOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
  readonly enum?: readonly string[];
  readonly const?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
  readonly writeOnly?: boolean;
  /** What it takes, where the type says too little: "1s to 1h". */
  readonly "x-value"?: string;
  readonly "x-path"?: "always" | "dotted";
}

/** One key of the configuration, as the schema describes it. */
export interface ConfigKey {
  /** Steps from the root; "*" stands for a name that people choose, "[]" for the place in a list. */
  readonly steps: readonly string[];
  /** Which `type` of its section the key belongs to: "s3". */
  readonly variant?: string;
  readonly required: boolean;
  readonly section: boolean;
  readonly node: SchemaNode;
}

/** Worked out of the schema once: that takes a tenth of a short command's time, and every configuration asks for it twice. */
const known: { keys?: readonly ConfigKey[] } = {};

/** Every key, sections included, in the order of the schema. */
export function configKeys(): readonly ConfigKey[] {
  known.keys ??= [...keysBelow(schemaTree(), [])];
  return known.keys;
}

/** The schema as JSON Schema, with our own `x-` notes still in it. */
function schemaTree(): SchemaNode {
  return z.toJSONSchema(configSchema, { io: "input", target: "draft-07", unrepresentable: "any" }) as SchemaNode;
}

function* keysBelow(node: SchemaNode, steps: readonly string[], variant?: string): Generator<ConfigKey> {
  for (const option of node.oneOf ?? []) yield* keysBelow(option, steps, option.properties?.type?.const);
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    yield* keyAndBelow(child, [...steps, name], node.required?.includes(name) ?? false, variant);
  }
  // An empty one says that anything may stand there.
  if (typeof node.additionalProperties === "object" && Object.keys(node.additionalProperties).length > 0) {
    yield* keyAndBelow(node.additionalProperties, [...steps, "*"], false, variant);
  }
  if (node.items?.properties !== undefined) yield* keysBelow(node.items, [...steps, "[]"], variant);
}

function* keyAndBelow(
  node: SchemaNode,
  steps: readonly string[],
  required: boolean,
  variant: string | undefined,
): Generator<ConfigKey> {
  const section = node.properties !== undefined || node.oneOf !== undefined || node.type === "object";
  yield { steps, required, section, node, ...(variant === undefined ? {} : { variant }) };
  yield* keysBelow(node, steps, variant);
}

/** The section a key stands in is at that path. */
export function isIn(key: ConfigKey, section: readonly (string | number)[]): boolean {
  return isAtSteps(key.steps.slice(0, -1), section);
}

// "gitops.environments.prod" is at "gitops.environments.*".
function isAtSteps(steps: readonly string[], path: readonly (string | number)[]): boolean {
  const named = path.filter((step) => typeof step === "string");
  const own = steps.filter((step) => step !== "[]");
  return own.length === named.length && own.every((step, index) => step === "*" || step === named[index]);
}

/** "clusters[].name", "gitops.environments.<name>.cluster": a key as the reference writes it. */
export function keyName(key: ConfigKey): string {
  return key.steps
    .map((step) => (step === "*" ? "<name>" : step))
    .join(".")
    .replaceAll(".[]", "[]");
}

/** True for a key, or a list of values, that never prints. */
export function isSecretKey({ node }: ConfigKey): boolean {
  return node.writeOnly === true || node.items?.writeOnly === true;
}

/** The keys at a path; two when both types of a section have it. A path into a list is that of the list. */
export function keysAt(keys: readonly ConfigKey[], path: readonly (string | number)[]): readonly ConfigKey[] {
  return keys.filter((key) => isAtSteps(key.steps, path));
}

/** Dotted names of the keys whose values never print: "store.secretKey". */
export function secretKeyNames(): readonly string[] {
  return configKeys().filter(isSecretKey).map(keyName);
}

/** "true or false", "1..64", "debug, info, warn or error": what a key takes, for messages and for the reference. */
export function expectation(node: SchemaNode): string {
  if (node["x-value"] !== undefined) return node["x-value"];
  if (node.enum !== undefined) return listed(node.enum);
  if (node.const !== undefined) return node.const;
  if (node.type === "boolean") return "true or false";
  if (node.type === "integer") return `${node.minimum}..${node.maximum}`;
  if (node.type === "array") return "a list";
  return node.type === "string" ? "text" : "a section (keys with values)";
}

/** "a, b or c" */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
