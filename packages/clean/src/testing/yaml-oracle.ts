import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { JsonValue } from "@kubeferry/model";
import { servers } from "@kubeferry/testbed";
import { emitYaml } from "../yaml/emit.ts";
import { jsonText } from "./json-text.ts";

/** What the Go parsers say about one pair. */
interface Answer {
  readonly id: number;
  readonly differences: readonly { readonly parser: string; readonly detail: string }[];
  readonly error?: string;
}

/** A value that a Go parser read differently from our YAML. */
interface Misreading {
  readonly json: string;
  readonly yaml: string;
  readonly said: string;
}

/** One running oracle, asked in batches. */
export interface YamlOracle {
  /** Writes each value as YAML and has it read by both of Go's parsers; `write` defaults to our emitter. */
  misreadings(values: readonly JsonValue[], write?: (value: JsonValue) => string): Promise<Misreading[]>;
  stop(): Promise<void>;
}

/** Starts the oracle program of the testbed. */
export function startYamlOracle(): YamlOracle {
  const oracle = spawn(servers.binary("yaml-oracle"), { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: oracle.stdout })[Symbol.asyncIterator]();
  return {
    async misreadings(values, write = emitYaml) {
      const pairs = values.map((value) => ({ json: jsonText(value), yaml: write(value) }));
      const sent = send(oracle, pairs);
      const wrong: Misreading[] = [];
      for (const pair of pairs) {
        const line = await lines.next();
        if (line.done === true) throw new Error("the oracle ended before it had answered");
        const answer = JSON.parse(line.value) as Answer;
        const said = answer.error ?? answer.differences.map((one) => `${one.parser}: ${one.detail}`).join("; ");
        if (said !== "") wrong.push({ ...pair, said });
      }
      await sent;
      return wrong;
    },
    async stop() {
      oracle.stdin.end();
      if (oracle.exitCode === null) await once(oracle, "exit");
    },
  };
}

async function send(oracle: ChildProcess, pairs: readonly { json: string; yaml: string }[]): Promise<void> {
  for (const [id, pair] of pairs.entries()) {
    const full = oracle.stdin?.write(`${JSON.stringify({ id, ...pair })}\n`) === false;
    if (full && oracle.stdin !== null) await once(oracle.stdin, "drain");
  }
}
