import { KubeferryError } from "@kubeferry/model";

/** "missing": there is nothing to read, or a section that the command needs. "invalid": something written is wrong. */
export type ConfigErrorKind = "missing" | "invalid";

/** One thing to put right. Holds no value of a secret key. */
export interface ConfigProblem {
  /** Dotted: "store.endpoint"; the name of the file when the file itself cannot be read. */
  readonly path: string;
  /** Where it was written: "kubeferry.yaml:4", "environment variable MINIO_ENDPOINT", "flag store.bucket"; "" when nowhere. */
  readonly source: string;
  /** What is wrong and what to write instead. */
  readonly text: string;
}

/** The configuration cannot be used; `problems` names everything found, not only the first. */
export class ConfigError extends KubeferryError<ConfigErrorKind> {
  readonly problems: readonly ConfigProblem[];

  constructor(kind: ConfigErrorKind, problems: readonly ConfigProblem[]) {
    const listed = problems.map(problemLine).join("; ");
    super({ kind, who: "config", operation: "load", problem: listed });
    // Shorter than the common form: a list of problems already says who, what and what next.
    this.message = `config: ${problems.length} ${problems.length === 1 ? "problem" : "problems"}: ${listed}`;
    this.problems = problems;
  }
}

/** One problem in one line: `store.bucket: missing, write … [kubeferry.yaml:4]`. */
function problemLine(problem: ConfigProblem): string {
  const said = `${problem.path}: ${problem.text}`;
  return problem.source === "" ? said : `${said} [${problem.source}]`;
}
