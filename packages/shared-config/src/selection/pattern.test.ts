import { describe, expect, it } from "vitest";
import { compilePattern, patternProblem } from "./pattern.ts";

describe("an entry of a list of names", () => {
  it.each([
    ["shop", ["shop"], ["shop2", "Shop", "a-shop"]],
    ["team-*", ["team-", "team-a", "team-a-b"], ["team", "a-team-b"]],
    ["team-?", ["team-1"], ["team-", "team-12"]],
    ["*.example.com", ["widgets.example.com"], ["widgets.exampleXcom", "example.com"]],
    ["/^team-[0-9]+$/", ["team-12"], ["team-", "my-team-1"]],
    ["/prod/", ["prod", "my-prod-2"], ["pro"]],
    ["system:*", ["system:node", "system:"], ["systemnode"]],
  ])("%s fits %j and not %j", (text, fits, others) => {
    const pattern = compilePattern(text);
    expect(fits.filter((name) => !pattern.matches(name))).toEqual([]);
    expect(others.filter((name) => pattern.matches(name))).toEqual([]);
  });

  it("is compared in any case when that is asked for, name, glob and expression alike", () => {
    for (const text of ["Deployment", "DEPLOY*", "/^deploy.*$/"]) {
      expect(compilePattern(text, { anyCase: true }).matches("Deployment")).toBe(true);
    }
  });

  it.each(["/^(a+)+$/", "*a*a*a*a*a*a*a*a*a*b"])("%s takes no time on the name it was made to choke on", (text) => {
    const pattern = compilePattern(text);
    const begin = process.cpuUsage().user;
    expect(pattern.matches(`${"a".repeat(5_000)}!`)).toBe(false);
    expect((process.cpuUsage().user - begin) / 1e6).toBeLessThan(5);
  });

  it.each([
    ["/(/", /^is no regular expression of RE2: .*missing closing \)/],
    ["/(a)\\1/", /^is no regular expression of RE2/],
    ["//", /^expected a regular expression between the slashes$/],
    ["/team", /^begins like a regular expression; it ends with another slash/],
    ["{a,b}", /^"\{" stands in no name/],
    ["team-[0-9]", /^"\[" stands in no name/],
    ["shop, staging", /^"," stands in no name/],
  ])("%s is refused with what is wrong", (text, problem) => {
    expect(patternProblem(text)).toMatch(problem);
  });
});
