import { existsSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { expect, it } from "vitest";
import { makePrivatePlace } from "./private-place.ts";
import { temporaryFolder } from "./testing/local-repository.ts";

it("what a killed run left, with the keys in it, goes after a day; a run that is at work keeps its own", async () => {
  const parent = temporaryFolder("parent");
  const left = mkdtempSync(join(parent, "kubeferry-git-"));
  mkdirSync(join(left, "ssh"));
  writeFileSync(join(left, "ssh", "key"), "PRIVATE KEY", { mode: 0o600 });
  const others = ["kubeferry-git-elsewhere", "kubeferry-spool-abcdef", "somebody"].map((name) => join(parent, name));
  for (const folder of others) mkdirSync(folder);
  const outside = temporaryFolder("outside");
  symlinkSync(outside, join(parent, "kubeferry-git-linked"));
  const working = await makePrivatePlace(parent);
  for (const folder of [left, ...others, outside]) utimesSync(folder, 0, 0);

  const place = await makePrivatePlace(parent);
  expect(existsSync(left)).toBe(false);
  expect(existsSync(outside)).toBe(true);
  expect(readdirSync(parent).toSorted()).toEqual(
    [
      ...others.map((path) => basename(path)),
      "kubeferry-git-linked",
      rootOf(working.tree),
      rootOf(place.tree),
    ].toSorted(),
  );
  await Promise.all([working.remove(), place.remove()]);
});

function rootOf(tree: string): string {
  return basename(join(tree, ".."));
}
