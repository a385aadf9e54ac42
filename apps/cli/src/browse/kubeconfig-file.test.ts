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

it("is not written over that of another browse that serves, and leaves it at its end", async () => {
  const path = join(await folder(), "config");
  const other = `# written by kubeferry browse; gone when it ends (process ${process.ppid})\n{}\n`;
  await writeFile(path, other);
  await expect(writeKubeconfig("{}\n", path)).rejects.toMatchObject({
    kind: "config",
    message: expect.stringContaining(`in use by another kubeferry browse, process ${process.ppid}`),
  });
  expect(await readFile(path, "utf8")).toBe(other);
});

it("is taken away by the one alone that wrote it", async () => {
  const path = join(await folder(), "config");
  const first = await writeKubeconfig('{"first":1}\n', path);
  const second = await writeKubeconfig('{"second":2}\n', path);
  await first.remove();
  expect(await readFile(path, "utf8")).toContain('{"second":2}');
  await second.remove();
  await expect(access(path)).rejects.toThrow("ENOENT");
});

it("is one's alone of several that write it at once, and whole", async () => {
  const path = join(await folder(), "config");
  const texts = Array.from({ length: 8 }, (_, at) => `{"writer":${at},"long":"${"x".repeat(100_000)}"}\n`);
  const ended = await Promise.allSettled(texts.map((text) => writeKubeconfig(text, path)));
  const content = await readFile(path, "utf8");
  expect(texts).toContain(content.slice(content.indexOf("\n") + 1));
  for (const one of ended) if (one.status === "rejected") expect(one.reason).toMatchObject({ kind: "config" });
});

it.each([
  ["that was killed", "(process 2147483646)\n"],
  ["of an earlier version", "\n"],
])("replaces what a browse left %s", async (_which, end) => {
  const path = join(await folder(), "config");
  await writeFile(path, `# written by kubeferry browse; gone when it ends ${end}`.replace(" \n", "\n"));
  await writeKubeconfig("{}\n", path);
  expect(await readFile(path, "utf8")).toContain(`(process ${process.pid})\n{}\n`);
});
