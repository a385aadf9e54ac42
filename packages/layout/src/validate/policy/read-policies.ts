import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError, type ConfigProblem } from "@kubeferry/shared-config";
import { type ParsedRule, parsePolicies } from "./parse-policies.ts";
import type { PolicyRule } from "./policy-rule.ts";

/** The key that names the files. */
const KEY = "gitops.validation.policies";

/**
 * Reads policy files; a folder stands for its `*.yaml` and `*.yml` in order of their names.
 * @throws ConfigError "invalid" naming every problem with its file, line and rule
 */
export async function readPolicies(paths: readonly string[]): Promise<readonly PolicyRule[]> {
  const problems: ConfigProblem[] = [];
  const rules: ParsedRule[] = [];
  for (const path of paths) {
    for (const file of await filesOf(path, problems)) {
      const parsed = parsePolicies(file, await readText(file, problems));
      problems.push(...parsed.problems);
      rules.push(...parsed.rules);
    }
  }
  problems.push(...twins(rules));
  if (problems.length > 0) throw new ConfigError("invalid", problems);
  return rules.map(({ rule }) => rule);
}

async function filesOf(path: string, problems: ConfigProblem[]): Promise<readonly string[]> {
  try {
    if (!(await stat(path)).isDirectory()) return [path];
    const names = (await readdir(path)).filter((name) => /\.ya?ml$/.test(name)).sort();
    if (names.length === 0) problems.push({ path: KEY, source: path, text: "the folder holds no .yaml file" });
    return names.map((name) => join(path, name));
  } catch (error) {
    problems.push(unreadable(path, error));
    return [];
  }
}

async function readText(file: string, problems: ConfigProblem[]): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    problems.push(unreadable(file, error));
    return "rules: []";
  }
}

function unreadable(source: string, error: unknown): ConfigProblem {
  const reason = error instanceof Error && "code" in error ? String(error.code) : "it failed";
  return { path: KEY, source, text: `cannot be read: ${reason === "ENOENT" ? "there is no such file" : reason}` };
}

/** Findings name a rule by its name alone. */
function* twins(rules: readonly ParsedRule[]): Generator<ConfigProblem> {
  const seen = new Map<string, string>();
  for (const { rule, source } of rules) {
    const other = seen.get(rule.name);
    if (other !== undefined) yield { path: `rule ${rule.name}`, source, text: `has the name of the rule at ${other}` };
    seen.set(rule.name, other ?? source);
  }
}
