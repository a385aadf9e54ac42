import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { branchName, parseBranchName } from "./branch-names.ts";

const BRANCH = "kubeferry/main";
const label = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,6}[a-z0-9])?$/);
const part = fc.oneof(
  fc.constant(undefined),
  fc.constantFrom("_cluster", "_argocd", "crc.testing/wrl62", "2", "shop-2"),
  label,
);
const name = fc.record({ part, number: fc.integer({ min: 1, max: 20 }) });

describe("the name of a branch", () => {
  it.each([
    [undefined, 1, "kubeferry/main"],
    [undefined, 2, "kubeferry/main-2"],
    ["shop", 1, "kubeferry/main--shop"],
    ["shop", 2, "kubeferry/main--shop+2"],
    ["_argocd", 1, "kubeferry/main--_argocd"],
  ])("of part %s, the %d., is %s", (of, number, expected) => {
    expect(branchName(BRANCH, { part: of, number })).toBe(expected);
  });

  it("leads back to part and number, so that no two of them share one", () => {
    fc.assert(
      fc.property(name, (each) => {
        expect(parseBranchName(BRANCH, branchName(BRANCH, each))).toEqual(each);
      }),
    );
  });

  it.each(["kubeferry/mainline", "kubeferry/main-next", "kubeferry/main-02", "kubeferry/main--", "kubeferry/main-1"])(
    "%s is of nobody that we know",
    (other) => {
      expect(parseBranchName(BRANCH, other)).toBeUndefined();
    },
  );
});
