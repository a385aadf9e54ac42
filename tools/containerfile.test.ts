import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readContainerfile, type Stage } from "./containerfile.ts";

const ROOT = join(import.meta.dirname, "..");
const read = (file: string): string => readFileSync(join(ROOT, file), "utf8");

describe.each(["Containerfile", "Containerfile.ubi9"])("%s", (file) => {
  const stages = readContainerfile(read(file));
  const last = stages.at(-1) as Stage;
  const textOf = (name: string): string | undefined => last.instructions.findLast((each) => each.name === name)?.text;

  it("starts each stage from a base that is pinned by a whole tag", () => {
    for (const { base } of stages) expect(base).toMatch(/^[a-z.]+\/[a-z0-9/-]+:\d+\.\d+[\w.-]*$/);
    expect(stages.map(({ name }) => name)).toEqual(["build", "dependencies", undefined]);
  });

  it("copies from stages that are there, and takes nothing of the checkout into the image", () => {
    const copies = last.instructions.filter(({ name }) => name === "COPY").map(({ text }) => text);
    expect(copies).toEqual([
      "--from=dependencies /src/node_modules /opt/kubeferry/node_modules",
      "--from=build /out /opt/kubeferry",
    ]);
  });

  it("installs what the lockfile says, and runs no script of a dependency", () => {
    const installs = stages.flatMap(({ instructions }) => instructions).filter(({ text }) => text.startsWith("npm ci"));
    expect(installs).toHaveLength(2);
    for (const { text } of installs) expect(text).toContain("--ignore-scripts");
    expect(existsSync(join(ROOT, "package-lock.json"))).toBe(true);
  });

  it("runs as a user by number, in group 0, without a shell, and stops on SIGTERM", () => {
    expect(textOf("USER")).toBe("1001:0");
    expect(textOf("STOPSIGNAL")).toBe("SIGTERM");
    expect(JSON.parse(textOf("ENTRYPOINT") ?? "")).toEqual(["node", "/opt/kubeferry/bin/kubeferry.js"]);
    expect(existsSync(join(ROOT, "apps/cli/bin/kubeferry.js"))).toBe(true);
  });

  it("is the same as the other but for its base and its packages", () => {
    const rest = (text: string): string => text.replaceAll(/^(#|ARG|USER 0|RUN (apk|microdnf)).*\n/gm, "");
    expect(rest(read(file))).toBe(rest(read("Containerfile")));
  });
});

describe("what a build is given", () => {
  it("is the same for every engine, and holds no keys and nothing that is installed", () => {
    expect(read(".dockerignore")).toBe(read(".containerignore"));
    for (const name of ["**/node_modules", ".git", ".env", "kubeferry.yaml"]) {
      expect(read(".dockerignore").split("\n")).toContain(name);
    }
  });
});
