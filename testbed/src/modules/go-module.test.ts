import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { missingServers } from "../missing-servers.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { goModule } from "./go-module.ts";

describe.skipIf(missingServers("go-modules"))("a pinned Go module", () => {
  it("is a folder of the module cache that holds the project's files", { timeout: 120_000 }, async () => {
    const folder = await goModule("openshift");
    expect(readdirSync(join(folder, "route/v1"))).toContain("zz_generated.crd-manifests");
  });
});

describe("without Go", () => {
  it("a module cannot be had, and the message says what to install", async () => {
    await expect(goModule("openshift", { PATH: temporaryFolder() })).rejects.toThrow(
      "testbed: get the Go module github.com/openshift/api: no-go: the go command is not on PATH; install Go",
    );
  });
});
