import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFolderTree } from "@kubeferry/git";
import { testCall } from "@kubeferry/test-fleet";
import { expect, it, onTestFinished } from "vitest";
import { sha256Of } from "../content.ts";
import { namespacesShape } from "../shape/namespaces-shape.ts";
import { readTip, tipFolder } from "./read-tip.ts";

it("takes a link for no file, though one beside it has the same bytes", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-tip-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const base = join(folder, "namespaces", "shop", "base");
  await mkdir(base, { recursive: true });
  await writeFile(join(base, "a.yaml"), "a.yaml");
  await symlink("a.yaml", join(base, "b.yaml"));
  const tree = await openFolderTree({ folder, roots: namespacesShape.roots }, testCall);
  onTestFinished(() => tree.close());
  const { digests } = tipFolder(await readTip(tree, namespacesShape, testCall), "namespaces/shop");
  expect([...digests]).toEqual([
    ["base/a.yaml", sha256Of(Buffer.from("a.yaml"))],
    ["base/b.yaml", "a symbolic link"],
  ]);
});
