import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder } from "../testing/workspace.ts";

const CONFIG = `
store: { type: s3, endpoint: "https://s3.example.com", accessKey: planted-access, secretKey: "\${MINIO_SECRET_KEY}" }
backup: { secrets: omit }
signing: { trusted: ["MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="] }
clusters:
  - { name: east, kubernetes: { context: admin@east }, store: { secretKey: planted-east } }
  - { name: west }
`;
const env = { MINIO_SECRET_KEY: "planted-secret" };

async function folderWith(text: string): Promise<string> {
  const cwd = await freshFolder();
  await writeFile(join(cwd, "kubeferry.yaml"), text);
  return cwd;
}

describe("kubeferry config show", () => {
  it("prints every value with its origin, also those of single clusters, and no secret", async () => {
    const cwd = await folderWith(CONFIG);
    const result = await kubeferry(["config", "show", "--origin", "--set", "log.level=debug"], { cwd, env });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    const lines = result.stdout.split("\n");
    expect(lines).toContain('  accessKey: "***" # kubeferry.yaml:2');
    expect(lines).toContain('  secretKey: "***" # environment variable MINIO_SECRET_KEY');
    expect(lines).toContain("  level: debug # flag log.level");
    expect(lines).toContain("batchSize: 50 # default");
    expect(lines).toContain("  - name: east # kubeferry.yaml:6");
    expect(lines).toContain("      context: admin@east # kubeferry.yaml:6");
    expect(result.stdout).not.toContain("planted");
  });

  it("prints one JSON document when asked to", async () => {
    const cwd = await folderWith(CONFIG);
    const result = await kubeferry(["config", "show", "--origin", "--output", "json"], { cwd, env });
    expect(jsonOf(result)).toMatchObject({
      values: { store: { endpoint: "https://s3.example.com", secretKey: "***" }, clusters: [{ name: "east" }, {}] },
      origins: { "store.endpoint": "kubeferry.yaml:2", "clusters[1].name": "kubeferry.yaml:7", batchSize: "default" },
      oldNames: [],
    });
  });
});

describe("kubeferry config validate", () => {
  it("ends with 0 and says what should be known before a run", async () => {
    const cwd = await folderWith(`${CONFIG}performance: { optimization: { compression: false } }\n`);
    const result = await kubeferry(["config", "validate"], { cwd, env });
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(result.stdout).toBe(`The configuration is valid: 2 clusters.
notice: config: performance.optimization.compression set in kubeferry.yaml and not used: segments are always compressed with zstd
`);
  });

  it("ends with 2 and names all problems, one a line, without a secret", async () => {
    const cwd = await folderWith(`${CONFIG}batchSize: 0\nlog: { level: planted-secret }\n`);
    const result = await kubeferry(["config", "validate"], { cwd, env });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toBe(`config: 2 problems:
  log.level: expected debug, info, warn or error, got "***" [kubeferry.yaml:9]
  batchSize: expected 1..1000, got 0 [kubeferry.yaml:8]
`);
    const json = await kubeferry(["config", "validate", "--output", "json"], { cwd, env });
    expect(json.code).toBe(2);
    expect(jsonOf<{ problems: unknown[] }>(json)).toMatchObject({
      valid: false,
      problems: [{}, { path: "batchSize" }],
    });
  });

  it.each([
    ["shared-anchors.yaml", "--config"],
    ["priorities.yaml", "--config"],
    ["several-environments.yaml", "--config"],
    ["regions.yaml", "--config"],
    ["mounted-filters", "--config-dir"],
    ["mounted-secrets", "--config-dir"],
  ])("ends with 0 for what was written for earlier tools: %s", async (name, flag) => {
    const minio = { MINIO_ENDPOINT: "minio.example.com:9000", MINIO_ACCESS_KEY: "a", MINIO_SECRET_KEY: "b" };
    const set = {
      CLUSTER_NAME: "east",
      MINIO_BUCKET: "cluster-backups",
      GIT_REPOSITORY: "git@git.example.com:a/b.git",
    };
    const path = fileURLToPath(new URL(`../../../../packages/shared-config/fixtures/${name}`, import.meta.url));
    const result = await kubeferry(["config", "validate", flag, path], {
      cwd: await freshFolder(),
      env: { ...minio, ...set },
    });
    expect(result.code, result.stderr).toBe(0);
  });

  it("reads mounted folders, named by a flag or by a variable", async () => {
    const folder = await freshFolder();
    await writeFile(join(folder, "batch-size"), "0\n");
    const cwd = await folderWith(CONFIG);
    for (const args of [
      { flag: ["--config-dir", folder], env },
      { flag: [], env: { ...env, KUBEFERRY_CONFIG_DIR: folder } },
    ]) {
      const result = await kubeferry(["config", "validate", ...args.flag], { cwd, env: args.env });
      expect(result.code).toBe(2);
      expect(result.stderr).toContain(`batchSize: expected 1..1000, got "0" [folder ${folder}/batch-size]`);
    }
  });
});
