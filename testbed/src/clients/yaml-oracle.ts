import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { TestbedError } from "../errors.ts";

/** Where a YAML text is not the JSON value, in the eyes of one Go parser. */
export interface YamlDifference {
  readonly parser: "sigs.k8s.io/yaml" | "yaml.v3";
  /** Path and what was found there; "$" is the whole value. */
  readonly detail: string;
}

/** The Go program that decides what YAML means. */
export interface YamlOracle {
  /**
   * Many may be asked at once; they are answered in order, about 20,000 small ones a second.
   * @returns nothing when both parsers read `yaml` as exactly the value of `json`.
   * @throws TestbedError "bad-request" when `json` is no JSON, "died" when the program ended.
   */
  judge(json: string, yaml: string): Promise<readonly YamlDifference[]>;
  /** Waits for what was asked and ends the program. */
  close(): Promise<void>;
}

interface Answer {
  readonly differences: readonly YamlDifference[];
  readonly error?: string;
}

interface Waiting {
  readonly resolve: (differences: readonly YamlDifference[]) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the oracle; it lives until `close` or until this process ends. */
export function openYamlOracle(program: string): YamlOracle {
  const child = spawn(program, [], { stdio: ["pipe", "pipe", "inherit"] });
  const waiting: Waiting[] = [];
  const closed = once(child, "close");
  createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (line) => {
    const answer = JSON.parse(line) as Answer;
    const asker = waiting.shift();
    if (answer.error === undefined) asker?.resolve(answer.differences);
    else asker?.reject(oracleError("bad-request", answer.error, "give it one JSON value"));
  });
  child.once("close", (code) => {
    const error = oracleError("died", `the program ended with ${code ?? "a signal"}`, "see what it wrote to stderr");
    for (const { reject } of waiting.splice(0)) reject(error);
  });
  // Writing to a program that has ended fails too; the askers learn it from its end.
  child.stdin.on("error", () => undefined);
  return {
    judge(json, yaml) {
      return new Promise((resolve, reject) => {
        waiting.push({ resolve, reject });
        child.stdin.write(`${JSON.stringify({ id: waiting.length, json, yaml })}\n`);
      });
    },
    async close() {
      child.stdin.end();
      await closed;
    },
  };
}

function oracleError(kind: "bad-request" | "died", problem: string, next: string): TestbedError {
  return new TestbedError({ kind, who: "yaml-oracle", operation: "judge", problem, next });
}
