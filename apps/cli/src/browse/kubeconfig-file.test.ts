import { access, mkdtemp, readFile, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, it } from "vitest";
import { writeKubeconfig } from "./kubeconfig-file.ts";

const folder = () => mkdtemp(join(tmpdir(), "kubeferry-test-"));

it("lies in a folder that only its owner can enter, and goes with it", async () => {
  const file = await writeKubeconfig("{}\n", undefined);
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  expect((await stat(dirname(file.path))).mode & 0o777).toBe(0o700);
  await file.remove();
  await expect(access(dirname(file.path))).rejects.toThrow("ENOENT");
});

it("replaces a file that browse wrote before, and takes it away at the end", async () => {
  const path = join(await folder(), "kubeconfig");
  await writeKubeconfig('{"first":1}\n', path);
  const second = await writeKubeconfig('{"second":2}\n', path);
  expect(await readFile(path, "utf8")).toMatch(/^# written by kubeferry browse.*\n\{"second":2\}\n$/);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await second.remove();
  await expect(access(path)).rejects.toThrow("ENOENT");
});

it.each([
  ["a kubeconfig", "apiVersion: v1\nkind: Config\n"],
  ["an empty file", ""],
])("leaves %s of somebody else's as it is", async (_what, content) => {
  const path = join(await folder(), "config");
  await writeFile(path, content);
  await expect(writeKubeconfig("{}\n", path)).rejects.toMatchObject({ kind: "config" });
  expect(await readFile(path, "utf8")).toBe(content);
});

it("leaves a file that was put in its place while it served", async () => {
  const path = join(await folder(), "config");
  const file = await writeKubeconfig("{}\n", path);
  await writeFile(path, "mine\n");
  await file.remove();
  expect(await readFile(path, "utf8")).toBe("mine\n");
});
