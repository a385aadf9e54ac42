import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { quietCall } from "../testing/take-snapshot.ts";
import { buildKustomization, findKustomize } from "./kustomize-program.ts";

describe("building a side of a comparison", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "kustomize-"));
    await writeFile(join(folder, "kustomize"), "#!/bin/sh\necho 'no such file: web.yaml' >&2\nexit 1\n");
    await chmod(join(folder, "kustomize"), 0o755);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("says what to install where there is no program", async () => {
    await expect(findKustomize("/nonexistent")).rejects.toThrow(
      "kustomize: look for the program: incomparable: there is neither kustomize nor kubectl on PATH; install one of them",
    );
  });

  it("cannot compare what the program does not build, and says why", async () => {
    const program = await findKustomize(folder);
    await expect(buildKustomization(program, folder, quietCall)).rejects.toMatchObject({
      kind: "incomparable",
      message: `kustomize: build ${folder}: incomparable: no such file: web.yaml`,
    });
  });
});
