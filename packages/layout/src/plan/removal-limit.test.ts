import { expect, it } from "vitest";
import { checkRemovals } from "./removal-limit.ts";

const LIMIT = { files: 10, percent: 5 };

function allows(removed: number, owned: number, limit = LIMIT): boolean {
  const paths = Array.from({ length: removed }, (_, index) => `namespaces/shop/base/configmap-${index}.yaml`);
  try {
    checkRemovals(paths, owned, limit);
    return true;
  } catch (error) {
    expect(error).toMatchObject({ kind: "blocked" });
    return false;
  }
}

it("lets a small repository lose one file, and no more than five in a hundred of a larger one", () => {
  expect([allows(1, 3), allows(2, 3), allows(5, 100), allows(6, 100)]).toEqual([true, false, true, false]);
});

it("never lets more go than the number of files says, however large the repository is", () => {
  expect([allows(10, 100_000), allows(11, 100_000)]).toEqual([true, false]);
});

it("lets nothing go when either limit is zero", () => {
  expect(allows(1, 100, { files: 0, percent: 100 })).toBe(false);
  expect(allows(1, 100, { files: 10, percent: 0 })).toBe(false);
  expect(allows(0, 0, { files: 0, percent: 0 })).toBe(true);
});
