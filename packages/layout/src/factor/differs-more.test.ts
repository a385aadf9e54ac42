import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { makePatch, type Patch } from "../patch/make-patch.ts";
import { differsMore } from "./differs-more.ts";

/** A ConfigMap of nine lines of data, of which the last ones differ. */
function settings(differing: number): JsonObject {
  const lines = Array.from({ length: 9 }, (_, index) => [`key-${index}`, index < 9 - differing ? "same" : "other"]);
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "s", namespace: "shop" },
    data: Object.fromEntries(lines),
  };
}

/** Whether environments in which so many lines of nine differ from the base's are to have the object whole. */
function isWhole(...differing: readonly number[]): boolean {
  const base = settings(0);
  const wanted = differing.map(settings);
  const patches = wanted.map((each) => makePatch(base, each)).filter((each): each is Patch => each !== "whole");
  const changing = patches.filter((_, index) => (differing[index] ?? 0) > 0);
  return differsMore({ base: emitYaml(base), wanted: wanted.map(emitYaml), patches: changing, isNamespaced: true });
}

describe("an object", () => {
  it("of two environments differs more than it agrees where the patch says more than half of it", () => {
    expect(isWhole(0, 1)).toBe(false);
    expect(isWhole(0, 4)).toBe(false); // "data" and 4 lines of 10
    expect(isWhole(0, 5)).toBe(true);
    expect(isWhole(0, 9)).toBe(true);
  });

  it("of four environments may differ wholly in one, and by half in three", () => {
    expect(isWhole(0, 0, 0, 9)).toBe(false);
    expect(isWhole(0, 4, 4, 4)).toBe(false);
    expect(isWhole(0, 4, 4, 5)).toBe(true);
  });

  it("is not the less alike for a short one: the lines that name it do not count", () => {
    const short = (value: string): JsonObject => ({
      apiVersion: "v1",
      kind: "X",
      metadata: { name: "x" },
      a: 1,
      b: value,
    });
    const patch = makePatch(short("1"), short("2"));
    const texts = { base: emitYaml(short("1")), wanted: [emitYaml(short("1")), emitYaml(short("2"))] };
    expect(differsMore({ ...texts, patches: patch === "whole" ? [] : [patch], isNamespaced: false })).toBe(false);
  });

  it("that a JSON patch changes counts with all lines of that patch", () => {
    const widget = (...rules: readonly string[]): JsonObject => ({
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "w", namespace: "shop" },
      spec: { rules: rules.map((host) => ({ host })) },
    });
    const isWholeWidget = (one: JsonObject, other: JsonObject) => {
      const patch = makePatch(one, other);
      const texts = { base: emitYaml(one), wanted: [emitYaml(one), emitYaml(other)] };
      return differsMore({ ...texts, patches: patch === "whole" ? [] : [patch], isNamespaced: true });
    };
    const hosts = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    // A change of one host is six lines: test and replace.
    expect(isWholeWidget(widget(...hosts), widget("x", ...hosts.slice(1)))).toBe(false);
    expect(isWholeWidget(widget(...hosts), widget("x", "y", ...hosts.slice(2)))).toBe(true);
  });
});
