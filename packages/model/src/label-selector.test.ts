import { describe, expect, it } from "vitest";
import { matchesSelector, parseSelector, selectorProblem } from "./label-selector.ts";

const fits = (selector: string, entries: Record<string, string>) => matchesSelector(parseSelector(selector), entries);

describe("a selector", () => {
  const web = { app: "web", tier: "front", "backup.io/enabled": "true", weight: "10", empty: "" };

  it.each([
    ["app=web", true],
    ["app==web", true],
    ["app = api", false],
    ["app!=api", true],
    ["absent!=anything", true],
    ["app in (api, web)", true],
    ["app in (api)", false],
    ["app notin (api,web)", false],
    ["absent notin (a)", true],
    ["absent in (a)", false],
    ["tier", true],
    ["absent", false],
    ["!absent", true],
    ["!tier", false],
    ["empty=", true],
    ["empty in ()", true],
    ["backup.io/enabled=true", true],
    ["weight>9", true],
    ["weight<10", false],
    ["app>1", false],
    ["app=web,tier!=cache", true],
    ["app=web,tier=cache", false],
    ["app in (web,api),!absent", true],
  ])("%s: %s", (selector, expected) => {
    expect(fits(selector, web)).toBe(expected);
  });

  it("does not take what every object inherits for a key", () => {
    expect(fits("constructor", {})).toBe(false);
    expect(fits("!toString", {})).toBe(true);
  });

  it.each(["app=web,", "app in web", "=web", "app=a b", "app in (a", "-app", "a/b/c=d", "weight>heavy", "app=(a)=b"])(
    "%s is refused",
    (selector) => {
      expect(selectorProblem(selector)).toBeTypeOf("string");
    },
  );
});
