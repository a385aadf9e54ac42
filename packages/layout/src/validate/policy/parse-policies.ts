import { type ConfigProblem, compilePattern, patternProblem } from "@kubeferry/shared-config";
import { type Document, LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { sha256Of } from "../../content.ts";
import { CelProblem, compileCel } from "./cel.ts";
import { compileJsonSchema, SchemaProblem } from "./json-schema.ts";
import { compileMatch, matchSchema } from "./match.ts";
import type { PolicyRule, PolicySeverity } from "./policy-rule.ts";

/** A rule and where it stands. */
export interface ParsedRule {
  readonly rule: PolicyRule;
  /** "policies/base.yaml:12". */
  readonly source: string;
}

const severity = z.enum(["error", "warning", "off"]);

const environment = z.string().superRefine((text, context) => {
  const problem = patternProblem(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

const ruleSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, "expected up to 63 lower-case letters, digits and '-'"),
    match: matchSchema.prefault({}),
    cel: z.string().min(1, "must not be empty").exactOptional(),
    jsonSchema: z.record(z.string(), z.unknown()).exactOptional(),
    message: z.string().min(1, "must not be empty").max(500, "expected up to 500 characters"),
    severity: z
      .union([severity, z.record(environment, severity)], "expected error, warning or off, or these by environment")
      .prefault("warning"),
  })
  .refine(
    ({ cel, jsonSchema }) => (cel === undefined) !== (jsonSchema === undefined),
    "expected either cel or jsonSchema",
  );

const fileSchema = z.strictObject({ rules: z.array(ruleSchema, "expected a list of rules") });

type WrittenRule = z.output<typeof ruleSchema>;

/**
 * Parses one policy file.
 * @param file its name, for people
 */
export function parsePolicies(
  file: string,
  text: string,
): { readonly rules: readonly ParsedRule[]; readonly problems: readonly ConfigProblem[] } {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const [broken] = document.errors;
  if (broken !== undefined) {
    const source = `${file}:${broken.linePos?.[0].line ?? 1}`;
    return { rules: [], problems: [{ path: "policies", source, text: `is no YAML: ${broken.code}` }] };
  }
  const [content, unusable] = contentOf(document);
  if (unusable !== undefined)
    return { rules: [], problems: [{ path: "policies", source: `${file}:1`, text: unusable }] };
  const place = (path: readonly PropertyKey[]) => `${file}:${lineOf(path, document, counter)}`;
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => {
      return { path: pathText(path, document), source: place(path), text: message };
    });
    return { rules: [], problems };
  }
  const rules: ParsedRule[] = [];
  const problems: ConfigProblem[] = [];
  for (const [index, written] of parsed.data.rules.entries()) {
    try {
      rules.push({ rule: compileRule(written), source: place(["rules", index]) });
    } catch (error) {
      if (!(error instanceof CelProblem || error instanceof SchemaProblem)) throw error;
      const key = error instanceof CelProblem ? "cel" : "jsonSchema";
      const source = place(["rules", index, key]);
      problems.push({ path: `rule ${written.name}: ${key}`, source, text: error.message });
    }
  }
  return { rules, problems };
}

function contentOf(document: Document): readonly [content: unknown, problem?: string] {
  try {
    return [document.toJS() as unknown];
  } catch (error) {
    if (error instanceof ReferenceError) return [undefined, "uses more aliases than a file of rules needs"];
    throw error;
  }
}

function compileRule(rule: WrittenRule): PolicyRule {
  const { name, match, cel, jsonSchema, message, severity: written } = rule;
  const test = cel === undefined ? compileJsonSchema(jsonSchema ?? {}, message) : compileCel(cel, message);
  const fingerprint = sha256Of(JSON.stringify(rule));
  return { name, fingerprint, concerns: compileMatch(match), severityIn: severities(written), test };
}

/** A name counts before a glob, an earlier glob before a later one, and `default` where none fits. */
function severities(written: WrittenRule["severity"]): PolicyRule["severityIn"] {
  if (typeof written === "string") return () => written;
  const { default: otherwise = "warning", ...byEnvironment } = written;
  const globs = Object.entries(byEnvironment).map(([text, each]) => [compilePattern(text), each] as const);
  return (name): PolicySeverity =>
    globs.find(([glob]) => glob.text === name)?.[1] ?? globs.find(([glob]) => glob.matches(name))?.[1] ?? otherwise;
}

/** The line of a value, or of the nearest one around it that is there. */
function lineOf(path: readonly PropertyKey[], document: Document, counter: LineCounter): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (typeof node === "object" && node !== null && "range" in node && Array.isArray(node.range)) {
      return counter.linePos(Number(node.range[0])).line;
    }
  }
  return 1;
}

/** "rule few-replicas: severity", or "rules[2].name" where there is no name. */
function pathText(path: readonly PropertyKey[], document: Document): string {
  const [list, index, ...rest] = path;
  if (list !== "rules" || index === undefined) return path.map(String).join(".") || "policies";
  const name: unknown = document.getIn(["rules", index, "name"]);
  const rule = typeof name === "string" ? `rule ${name}` : `rules[${String(index)}]`;
  return rest.length === 0 ? rule : `${rule}: ${rest.map(String).join(".")}`;
}
