import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";

/** One rule of Prometheus: an alert, or a recorded expression. */
interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** A file of rules. */
interface RuleFile {
  /** Absolute. */
  readonly path: string;
  readonly groups: readonly { readonly name: string; readonly rules: readonly Rule[] }[];
}

/** An alert, with what it says. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const FOLDER = join(import.meta.dirname, "../../charts/kubeferry/files/rules");
/** What the others build on. */
const FIRST = ["objectives.yaml", "slo.yaml", "backup.yaml"];

/** The rules that the chart brings; those that others build on come first. */
export function readRuleFiles(): readonly RuleFile[] {
  const others = globSync("*.yaml", { cwd: FOLDER }).filter((file) => !FIRST.includes(file));
  return [...FIRST, ...others.toSorted()].map((file) => {
    const path = join(FOLDER, file);
    return { path, ...(parse(readFileSync(path, "utf8")) as Pick<RuleFile, "groups">) };
  });
}

/** @returns the files that an alert needs: its own, and those that it may build on */
export function filesOf(alert: string): { readonly files: readonly string[]; readonly groups: readonly string[] } {
  const needed = readRuleFiles().filter(
    ({ path, groups }) =>
      FIRST.some((file) => path.endsWith(file)) ||
      groups.some(({ rules }) => rules.some((rule) => rule.alert === alert)),
  );
  return {
    files: needed.map(({ path }) => path),
    groups: needed.flatMap(({ groups }) => groups.map(({ name }) => name)),
  };
}

/** Every rule of the chart. */
export function readRules(): readonly Rule[] {
  return readRuleFiles().flatMap(({ groups }) => groups.flatMap(({ rules }) => rules));
}

/** Every alert of the chart. */
export function readAlerts(): readonly Alert[] {
  return readRules().flatMap(({ alert, expr, labels = {}, annotations = {} }) =>
    alert === undefined ? [] : [{ alert, expr, labels, annotations }],
  );
}
