import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { withTemporaryFolder } from "./temporary.ts";

it("leaves nothing of what was written into the temporary folder, which children have too", async () => {
  const before = tmpdir();
  const [folder, seen] = await withTemporaryFolder(async () => {
    const made = mkdtempSync(join(tmpdir(), "clone-"));
    writeFileSync(join(made, "file"), "left");
    const seenByChild = execFileSync(process.execPath, ["--print", "os.tmpdir()"], { encoding: "utf8" });
    return [tmpdir(), seenByChild.trim()];
  });
  expect(seen).toBe(folder);
  expect([existsSync(folder ?? ""), tmpdir()]).toEqual([false, before]);
});

it("removes it after a failure, which is passed on", async () => {
  const seen: string[] = [];
  const failing = withTemporaryFolder(async () => {
    seen.push(tmpdir());
    throw new Error("no server");
  });
  await expect(failing).rejects.toThrow("no server");
  expect(seen.map((folder) => existsSync(folder))).toEqual([false]);
});
