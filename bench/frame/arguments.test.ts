import { describe, expect, it } from "vitest";
import { readArguments } from "./arguments.ts";

const SUITES = [
  { name: "start" },
  { name: "backup" },
  { name: "gitops" },
  { name: "peers", byHandOnly: true },
] as const;

describe("the arguments of the bench", () => {
  it("are 10,000 objects in five rounds by hand, and 2,000 in three in CI", () => {
    expect(readArguments([], SUITES)).toMatchObject({ objects: 10_000, rounds: 5, inCi: false });
    expect(readArguments(["--ci"], SUITES)).toMatchObject({ objects: 2_000, rounds: 3, inCi: true });
  });

  it("are every suite by hand, and in CI those that it can hold", () => {
    expect(readArguments([], SUITES).suites).toEqual(["start", "backup", "gitops", "peers"]);
    expect(readArguments(["--ci"], SUITES).suites).toEqual(["start", "backup", "gitops"]);
    expect(() => readArguments(["--ci", "--only", "peers"], SUITES)).toThrow("--only peers: there are start");
  });

  it.each([
    ["2k", 2_000],
    ["100k", 100_000],
    ["350", 350],
  ])("know %s objects", (size, objects) => {
    expect(readArguments(["--size", size], SUITES)).toMatchObject({ objects });
  });

  it("name suites, which keep their order, and files", () => {
    const args = ["--only", "gitops,start", "--rounds", "1", "--json", "a.json", "--svg", "a.svg"];
    expect(readArguments(args, SUITES)).toMatchObject({
      suites: ["start", "gitops"],
      rounds: 1,
      json: "a.json",
      svg: "a.svg",
    });
  });

  it.each([
    [["--size", "many"], "--size many: give a number of objects, such as 2000 or 10k"],
    [["--size", "0"], "--size 0: give a number"],
    [["--rounds", "0"], "--rounds 0: give a number, 1 or more"],
    [["--rounds", "2.5"], "--rounds 2.5"],
    [["--only", "start,help"], "--only help: there are start, backup, gitops, peers"],
    [["--fast"], "Unknown option '--fast'"],
    [["backup"], "Unexpected argument 'backup'"],
  ])("refuse %j", (args, said) => {
    expect(() => readArguments(args, SUITES)).toThrow(said);
  });
});
