import { describe, expect, it } from "vitest";
import { fillLine, fillTemplate } from "./fill-template.ts";

describe("a configured text", () => {
  it("gets its values, each as often as it is named", () => {
    expect(fillTemplate("[{clusters}] {title} ({clusters})", { clusters: "a/b", title: "3 new" })).toBe(
      "[a/b] 3 new (a/b)",
    );
  });

  it("takes a value as it is, whatever it looks like", () => {
    const values = { title: "{base} $& $1 {title}", base: "main" };
    expect(fillTemplate("{title} into {base}", values)).toBe("{base} $& $1 {title} into main");
  });

  it("is one line where one is wanted, and never an empty one", () => {
    expect(fillLine("{title}\n{part}", { title: "a\u0007\tb", part: "shop" }, "x")).toBe("a b shop");
    expect(fillLine(" {part} ", { part: "" }, "what the run calls it")).toBe("what the run calls it");
  });

  it("has no value for what only every object has", () => {
    expect(fillTemplate("{constructor}", {})).toBe("{constructor}");
  });
});
