import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.ts";
import { buildBinary } from "./build.ts";

// Go itself is stood in for by a script: what is tested is what happens around it.
describe("building a program", () => {
  it("builds once and finds it in the cache afterwards", async () => {
    const { context, calls } = createToolchain(writesProgram);
    expect(await buildBinary("kustomize", context)).toMatchObject({ outcome: "built", version: "v5.8.1" });
    expect(await buildBinary("kustomize", context)).toMatchObject({ outcome: "cached", version: "v5.8.1" });
    expect(calls()).toHaveLength(1);
    expect(calls()[0]).toMatch(
      /^build -trimpath -buildvcs=false -ldflags=-s -w -o \S+ sigs\.k8s\.io\/kustomize\/kustomize\/v5 GOFLAGS=-mod=readonly$/,
    );
  });

  it("lets one of two builds at the same time do the work", async () => {
    const { context, calls, said } = createToolchain(`sleep 0.5\n${writesProgram}`);
    const both = await Promise.all([buildBinary("kustomize", context), buildBinary("kustomize", context)]);
    expect(both.map((result) => result.outcome).sort()).toEqual(["built", "cached"]);
    expect(calls()).toHaveLength(1);
    expect(said).toEqual(["kustomize: another process is building it, waiting"]);
  });

  it("keeps what the program reads beside it", async () => {
    const { context } = createToolchain(writesProgram);
    const { path } = await buildBinary("gitea", context);
    expect(readFileSync(join(path, "..", "static", "options", "a.txt"), "utf8")).toBe("static\n");
  });

  it("shows what Go said and leaves nothing in the cache when a build fails", async () => {
    const { context, cache } = createToolchain('echo "missing go.sum entry" >&2\nexit 1');
    await expect(buildBinary("kustomize", context)).rejects.toThrow(
      /build kustomize: build-failed: .*\nmissing go.sum/,
    );
    expect(readdirSync(cache)).toEqual([]);
  });

  it("clears away what a killed build of the same program left", async () => {
    const { context, cache } = createToolchain(writesProgram);
    const { path } = await buildBinary("kustomize", context);
    const folder = dirname(path);
    renameSync(folder, `${folder}.building-0badcafe`);
    expect(await buildBinary("kustomize", context)).toMatchObject({ outcome: "built" });
    expect(readdirSync(cache)).toEqual([basename(folder)]);
  });

  it("says what to install when there is no Go", async () => {
    const { context } = createToolchain(writesProgram);
    const environment = { ...context.environment, PATH: temporaryFolder() };
    await expect(buildBinary("kustomize", { ...context, environment })).rejects.toThrow(
      /build kustomize: no-go: the go command is not on PATH; install Go 1\.26/,
    );
  });

  it("does not build what is offered", async () => {
    const { context, bin, calls } = createToolchain(writesProgram);
    writeFileSync(join(bin, "kustomize"), "#!/bin/sh\n", { mode: 0o755 });
    expect(await buildBinary("kustomize", context)).toMatchObject({ outcome: "offered", source: "PATH" });
    expect(calls()).toEqual([]);
  });
});

/** Writes what follows -o; answers `go list -m` with a folder that holds static files. */
const writesProgram = `
if [ "$1" = list ]; then echo "$MODULE"; exit 0; fi
while [ "$1" != -o ]; do shift; done
echo program > "$2"; chmod 755 "$2"`;

function createToolchain(script: string) {
  const base = temporaryFolder();
  const [bin, cache, module, log] = ["bin", "cache", "module", "calls.log"].map((name) => join(base, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const folder of ["options", "public", "templates"]) {
    mkdirSync(join(module, folder), { recursive: true });
    writeFileSync(join(module, folder, "a.txt"), "static\n");
    chmodSync(join(module, folder), 0o555);
  }
  mkdirSync(bin);
  writeFileSync(log, "");
  const go = `#!/bin/sh\nPATH=/usr/bin:/bin\nMODULE=${module}\necho "$* GOFLAGS=$GOFLAGS" >> ${log}\n${script}\n`;
  writeFileSync(join(bin, "go"), go, { mode: 0o755 });
  const said: string[] = [];
  const environment = { PATH: bin, KUBEFERRY_TESTBED_CACHE: cache };
  return {
    bin,
    cache,
    said,
    context: { environment, say: (line: string) => void said.push(line) },
    calls: () =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== ""),
  };
}
