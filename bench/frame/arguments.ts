// What the bench is asked for.
import { parseArgs } from "node:util";
import type { Suite } from "./measure.ts";

/** What one run measures, and where its results go. */
export interface Asked {
  /** In a cluster. */
  readonly objects: number;
  readonly rounds: number;
  /** Names of suites, in the order of the report. */
  readonly suites: readonly string[];
  /** Claims are held against the margins of a busy machine. */
  readonly inCi: boolean;
  readonly json?: string;
  readonly svg?: string;
}

const CI = { objects: 2_000, rounds: 3 };
const BY_HAND = { objects: 10_000, rounds: 5 };

/**
 * @param known all suites, in the order of the report
 * @throws Error that says what is wrong and what would be right
 */
export function readArguments(args: readonly string[], known: readonly Pick<Suite, "name" | "byHandOnly">[]): Asked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      size: { type: "string" },
      rounds: { type: "string" },
      only: { type: "string" },
      ci: { type: "boolean", default: false },
      json: { type: "string" },
      svg: { type: "string" },
    },
  });
  const usual = values.ci ? CI : BY_HAND;
  const names = known.filter(({ byHandOnly }) => !(values.ci && byHandOnly)).map(({ name }) => name);
  return {
    objects: values.size === undefined ? usual.objects : objectsIn(values.size),
    rounds: values.rounds === undefined ? usual.rounds : roundsIn(values.rounds),
    suites: values.only === undefined ? names : suitesIn(values.only, names),
    inCi: values.ci,
    ...(values.json === undefined ? {} : { json: values.json }),
    ...(values.svg === undefined ? {} : { svg: values.svg }),
  };
}

/** "10k" → 10,000. */
function objectsIn(size: string): number {
  const [, digits, thousands] = /^([1-9]\d*)(k?)$/.exec(size) ?? [];
  if (digits === undefined) throw new Error(`--size ${size}: give a number of objects, such as 2000 or 10k`);
  return Number(digits) * (thousands === "k" ? 1_000 : 1);
}

function roundsIn(rounds: string): number {
  if (!/^[1-9]\d*$/.test(rounds)) throw new Error(`--rounds ${rounds}: give a number, 1 or more`);
  return Number(rounds);
}

function suitesIn(only: string, known: readonly string[]): readonly string[] {
  const wanted = only.split(",");
  const unknown = wanted.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`--only ${unknown.join(",")}: there are ${known.join(", ")}`);
  return known.filter((name) => wanted.includes(name));
}
