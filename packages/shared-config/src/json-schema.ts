import { z } from "zod";
import { configSchema } from "./schema/config.ts";

/** A JSON Schema (draft 7, which editors read best). */
export type JsonSchema = Readonly<Record<string, unknown>>;

type Node = z.core.JSONSchema.BaseSchema;

/** `${…}` may stand wherever a value may. */
const REFERENCE: Node = { type: "string", pattern: "\\$\\{" };

/** The schema of a configuration file, for editors. */
export function configJsonSchema(): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, {
    io: "input",
    target: "draft-07",
    unrepresentable: "any",
    override: ({ jsonSchema }) => forEditors(jsonSchema),
  });
  return { $schema, title: "kubeferry configuration", ...rest };
}

function forEditors(node: Node): void {
  const short = node["x-short"];
  for (const own of ["x-path", "x-value", "x-short"]) delete node[own];
  // The default of a section is that its keys have theirs.
  if (JSON.stringify(node.default) === "{}") delete node.default;
  if (Array.isArray(short)) orShort(node, short);
  else if (takesOnlySomeValues(node)) orReference(node);
}

// `${…}` instead of a value of that type.
function orReference(node: Node): void {
  const { type, enum: words, minimum, maximum, pattern } = node;
  const own = { type, enum: words, minimum, maximum, pattern };
  for (const key of Object.keys(own)) delete node[key];
  node.anyOf = [Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)), REFERENCE];
}

/** The node, or one value of these types that is short for it. */
function orShort(node: Node, types: readonly string[]): void {
  const { description, ...own } = node;
  for (const key of Object.keys(own)) delete node[key];
  // `${…}` is a text, so a short form that takes none takes that.
  const texts = types.includes("string") || own.type === "string" ? [] : [REFERENCE];
  node.anyOf = [own, ...types.map((type) => ({ type }) as Node), ...texts];
}

// Any text already allows `${…}`.
function takesOnlySomeValues(node: Node): boolean {
  return node.type === "boolean" || node.type === "integer" || node.enum !== undefined || node.pattern !== undefined;
}
