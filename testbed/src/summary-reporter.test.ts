import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { testbedFolder } from "./places.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";

// A vitest of its own, with the reporter and the setup as the workspace's configuration has them.
describe("the summary of a test run", { timeout: 60_000 }, () => {
  it("lists skipped tests by reason, the real servers, and the counts on the last line", async () => {
    const { code, lines } = await runVitest(`
      import { beforeAll, describe, it } from "vitest";
      import { missingServers } from "@kubeferry/testbed";
      describe.skipIf(missingServers("minio", "kustomize"))("on MinIO", () => { it("stores", () => {}); });
      it.skipIf("folder")("matches etags", { meta: { skipReason: "files carry no etag" } }, () => {});
      it("soaks", (test) => test.skip("set SOAK=1"));
      it.todo("comes later");
      describe("with a broken hook", () => { beforeAll(() => { throw new Error("hook"); }); it("waits", () => {}); });
      it("passes", () => {});
      it("fails", () => { throw new Error("no"); });
    `);
    expect(lines.slice(lines.indexOf("Skipped, 5 in all:"))).toEqual([
      "Skipped, 5 in all:",
      "  needs minio, kustomize (1)",
      "    sample.test.ts > on MinIO > stores",
      "  files carry no etag (1)",
      "    sample.test.ts > matches etags",
      "  set SOAK=1 (1)",
      "    sample.test.ts > soaks",
      "  to do (1)",
      "    sample.test.ts > comes later",
      "  a hook of its suite failed (1)",
      "    sample.test.ts > with a broken hook > waits",
      "The missing servers come with: npm run testbed -- build",
      "Real servers in this run: none",
      "Failed, 2 in all:",
      "  sample.test.ts > with a broken hook (a hook)",
      "  sample.test.ts > fails",
      "1 passed, 2 failed, 5 skipped",
    ]);
    expect(code).toBe(1);
  });

  it("counts a file that cannot be read, and an error outside of tests, as failed", async () => {
    const broken = await runVitest('import "./not-there.ts";');
    expect(broken).toMatchObject({ code: 1, last: "0 passed, 1 failed, 0 skipped" });
    expect(broken.lines).toContain("  sample.test.ts");
    const loose = await runVitest(`
      import { it } from "vitest";
      it("passes", () => { Promise.reject(new Error("loose")); });
    `);
    expect(loose).toMatchObject({ code: 1, last: "1 passed, 1 failed, 0 skipped" });
    expect(loose.lines).toContain("  an error outside of tests");
  });

  it("fails a file that needs a missing server when REQUIRE_SERVERS=1", async () => {
    const required = await runVitest(
      `
      import { describe, it } from "vitest";
      import { missingServers } from "@kubeferry/testbed";
      describe.skipIf(missingServers("minio"))("on MinIO", () => { it("stores", () => {}); });
    `,
      { REQUIRE_SERVERS: "1" },
    );
    expect(required).toMatchObject({ code: 1, last: "0 passed, 1 failed, 0 skipped" });
    expect(required.lines.join("\n")).toContain("run: npm run testbed -- build minio");
  });

  it("ends with exit code 0 when all is well", async () => {
    const well = await runVitest('import { it } from "vitest"; it("passes", () => {});');
    expect(well).toMatchObject({ code: 0, last: "1 passed, 0 failed, 0 skipped" });
  });
});

const vitestProgram = join(dirname(createRequire(import.meta.url).resolve("vitest/package.json")), "vitest.mjs");

async function runVitest(test: string, environment: Readonly<Record<string, string>> = {}) {
  const folder = join(temporaryFolder(), "project");
  mkdirSync(folder);
  writeFileSync(join(folder, "sample.test.ts"), test);
  writeFileSync(join(folder, "vitest.config.ts"), configuration);
  const env = {
    ...process.env,
    KUBEFERRY_TESTBED_HOME: join(folder, "home"),
    KUBEFERRY_TESTBED_CACHE: join(folder, "cache"),
    KUBEFERRY_TESTBED_PINNED: "1",
    REQUIRE_SERVERS: "",
    NO_COLOR: "1",
    ...environment,
  };
  return await new Promise<{ code: unknown; lines: string[]; last: string | undefined }>((resolve) => {
    execFile(process.execPath, [vitestProgram, "run"], { cwd: folder, env }, (error, stdout, stderr) => {
      const lines = `${stderr}${stdout}`.trimEnd().split("\n");
      resolve({ code: error === null ? 0 : error.code, lines, last: lines.at(-1) });
    });
  });
}

const source = join(testbedFolder, "src");
const configuration = `
  import { SummaryReporter } from ${JSON.stringify(join(source, "summary-reporter.ts"))};
  const conditions = ["kubeferry-source", "node", "import", "module", "default"];
  export default {
    resolve: { conditions, alias: { "@kubeferry/testbed": ${JSON.stringify(join(source, "index.ts"))} } },
    ssr: { resolve: { conditions } },
    test: {
      globalSetup: [${JSON.stringify(join(source, "vitest-global-setup.ts"))}],
      reporters: ["default", new SummaryReporter()],
    },
  };
`;
