import { describe, expect, it } from "vitest";
import { type Claim, holds, measureSuite, median, type Suite } from "./measure.ts";

/** Each run takes one more than the one before, so that a sample says when it was taken. */
function suiteOf(names: readonly string[], claims: readonly Claim[] = []) {
  const log: string[] = [];
  const suite: Suite = {
    name: "some",
    about: "",
    open: async ({ objects }) => {
      log.push(`open ${objects}`);
      const subjects = names.map((name) => ({
        name,
        prepare: async () => void log.push(`prepare ${name}`),
        run: async () => ({ wallMs: log.push(name) }),
      }));
      return { subjects, claims, close: async () => void log.push("close") };
    },
  };
  return { suite, log };
}

const SETTING = { objects: 2_000, rounds: 3, inCi: false };

describe("a suite", () => {
  it("runs every subject once in each round, each with another first, and is closed", async () => {
    const { suite, log } = suiteOf(["a", "b", "c"]);
    const rounds: number[] = [];
    await measureSuite(suite, SETTING, (round) => rounds.push(round));
    const runs = log.filter((entry) => entry.length === 1);
    expect(runs.join("")).toBe("abcbcacab");
    expect(log.slice(0, 3)).toEqual(["open 2000", "prepare a", "a"]);
    expect(log.at(-1)).toBe("close");
    expect(rounds).toEqual([1, 2, 3]);
  });

  it("gives the samples of each subject in the order of the rounds, and ratios of samples of the same round", async () => {
    const what = "b by a";
    const ratio: Claim["ratio"] = (round) => round("b").wallMs / round("a").wallMs;
    const { suite } = suiteOf(["a", "b"], [{ what, ratio, wanted: { atMost: 2 }, objects: [2_000] }]);
    const { measured, judged } = await measureSuite(suite, SETTING, () => undefined);
    expect(measured.map(({ name, samples }) => [name, ...samples.map(({ wallMs }) => wallMs)])).toEqual([
      ["a", 3, 9, 11],
      ["b", 5, 7, 13],
    ]);
    expect(judged).toEqual([{ what, wanted: { atMost: 2 }, objects: [2_000], ratios: [5 / 3, 7 / 9, 13 / 11] }]);
  });

  it("is in CI as much as its margins look at", async () => {
    const by =
      (one: string, other: string): Claim["ratio"] =>
      (round) =>
        round(one).wallMs / round(other).wallMs;
    const bound = { atMost: 2 };
    const { suite, log } = suiteOf(
      ["a", "b", "c", "d"],
      [
        { what: "held", ratio: by("c", "a"), wanted: bound, inCi: bound },
        { what: "not held", ratio: by("d", "a"), wanted: bound },
      ],
    );
    const { measured, judged } = await measureSuite(suite, { ...SETTING, inCi: true }, () => undefined);
    expect(log.filter((entry) => entry.length === 1).join("")).toBe("accaac");
    expect(measured.map(({ name }) => name)).toEqual(["a", "c"]);
    expect(judged.map(({ what }) => what)).toEqual(["held"]);
  });

  it("is closed when a subject fails", async () => {
    const { suite, log } = suiteOf(["a"], [{ what: "", ratio: (round) => round("z").wallMs, wanted: { atMost: 1 } }]);
    await expect(measureSuite(suite, SETTING, () => undefined)).rejects.toThrow('no subject is called "z"');
    expect(log.at(-1)).toBe("close");
  });
});

describe("the median", () => {
  it.each([
    [[3], 3],
    [[10, 9, 100], 10],
    [[4, 1, 3, 2], 2.5],
  ])("of %j is %d", (numbers, middle) => {
    expect(median(numbers)).toBe(middle);
  });

  it("of nothing is an error", () => {
    expect(() => median([])).toThrow("nothing was measured");
  });
});

describe("a bound", () => {
  it.each([
    [{ atMost: 1.5 }, 1.5, true],
    [{ atMost: 1.5 }, 1.51, false],
    [{ atLeast: 0.75 }, 0.75, true],
    [{ atLeast: 0.75 }, 0.74, false],
  ])("of %j: %d is within: %s", (bound, ratio, within) => {
    expect(holds(bound, ratio)).toBe(within);
  });
});
