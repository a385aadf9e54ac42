import { Buffer } from "node:buffer";
import { access, chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KustomizeProgram } from "@kubeferry/kustomize";
import { type Call, silentLog } from "@kubeferry/model";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildWithProgram } from "./build-with-program.ts";

const CALL: Call = { signal: new AbortController().signal, log: silentLog };
const FILES: Readonly<Record<string, string>> = {
  "base/web.yaml": "a: base\n",
  "prod/kustomization.yaml": "b: prod\n",
};
const OVERLAY = {
  environment: "prod",
  place: "namespaces/shop/prod",
  files: new Map(Object.keys(FILES).map((path) => [path, `namespaces/shop/${path}`])),
  read: async (path: string) => Buffer.from(FILES[path] ?? ""),
};

describe("building with a program", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kubeferry-programs-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function build(script: string, limits: Partial<KustomizeProgram> = {}): Promise<readonly unknown[]> {
    const program: KustomizeProgram = { name: "kustomize", path: join(folder, "kustomize"), ...limits };
    await writeFile(program.path, `#!/bin/sh\n${script}\n`);
    await chmod(program.path, 0o755);
    const objects: unknown[] = [];
    for await (const object of buildWithProgram(program, OVERLAY, CALL)) objects.push(object);
    return objects;
  }

  it("gives it the overlay's files where they will be in the repository, for this user alone, and then removes them", async () => {
    const [where, ...files] = await build(
      'echo "{in: $2}"; echo ---; read -r line < ../base/web.yaml; echo "$line"; echo ---; read -r line < kustomization.yaml; echo "$line"; echo ---; umask 0; [ -r ../base/web.yaml ] && echo "mode: $(/bin/ls -l ../base/web.yaml | { read -r mode rest; echo $mode; })"',
    );
    expect(files).toEqual([{ a: "base" }, { b: "prod" }, { mode: "-rw-------" }]);
    const place = String((where as { in: string }).in);
    expect(place).toMatch(/\/namespaces\/shop\/prod$/);
    await expect(access(place)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(access(join(place, "../../.."))).rejects.toMatchObject({ code: "ENOENT" });
  });

  it("names places of the repository, and none of this machine, in what the program said", async () => {
    const failed = build('echo "accumulating $2/web.yaml: no such file" >&2; exit 1');
    await expect(failed).rejects.toMatchObject({
      operation: "build namespaces/shop/prod",
      problem: "accumulating namespaces/shop/prod/web.yaml: no such file",
    });
    await expect(failed).rejects.not.toThrow(tmpdir());
  });

  it("gives up on a program that does not end, which is another answer than one that refuses", async () => {
    await expect(build("exec /bin/sleep 60", { timeoutMs: 200 })).rejects.toMatchObject({
      kind: "given-up",
      problem: "it took more than 0.2 s, or wrote too much",
    });
    await expect(build("exit 1")).rejects.toMatchObject({ kind: "not-built" });
  });

  it("takes no output for objects that is none", async () => {
    await expect(build("echo 'just a text'")).rejects.toThrow("a document in it is no object");
    expect(await build("echo")).toEqual([]);
  });
});
