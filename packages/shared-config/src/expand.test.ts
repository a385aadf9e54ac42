import { describe, expect, it } from "vitest";
import { loadConfig } from "./index.ts";
import { folderOf, loadTexts, problemsOfTexts } from "./testing/load-yaml.ts";

const FOLDER = "store: { type: folder, path: /backups }\n";

describe("values in files", () => {
  it("take environment variables, inside a longer text too, with defaults for unset and empty ones", async () => {
    const file = `
cluster: { name: "\${REGION}-\${STAGE:-prod}", domain: "\${EMPTY:-company.local}" }
store: { type: folder, path: "/\${A}/\${B:-}/x" }
`;
    const { config } = await loadTexts([file], { env: { REGION: "east", EMPTY: "", A: "a" } });
    expect(config).toMatchObject({ cluster: { name: "east-prod", domain: "company.local" }, store: { path: "/a/x" } });
  });

  it("become numbers and booleans where the key takes one", async () => {
    const file = `${FOLDER}batchSize: "\${N}"\nbackup: { mirror: "\${M:-false}" }\n`;
    const { config } = await loadTexts([file], { env: { N: "12" } });
    expect(config).toMatchObject({ batchSize: 12, backup: { mirror: { enabled: false } } });
  });

  it("take the contents of files without the last line end; relative ones lie beside the configuration", async () => {
    const cwd = await folderOf({
      "kubeferry.yaml": `store: { type: s3, endpoint: https://a, accessKey: "\${file:access}", secretKey: "\${file:secret}" }\n`,
      access: "key-from-file\n",
      secret: "two\nlines\r\n",
    });
    const { config } = await loadConfig({ files: [`${cwd}/kubeferry.yaml`], env: {}, cwd: "/" });
    if (config.store.type !== "s3") throw new Error("expected an s3 store");
    expect([config.store.accessKey?.reveal(), config.store.secretKey?.reveal()]).toEqual([
      "key-from-file",
      "two\nlines",
    ]);
  });

  it("can hold a literal ${, and what comes out of a variable is not looked at again", async () => {
    const file = `store: { type: s3, endpoint: https://a, accessKey: "a$\${b}c", secretKey: "\${S}" }\n`;
    const { config } = await loadTexts([file], { env: { S: "p${S}q" } });
    if (config.store.type !== "s3") throw new Error("expected an s3 store");
    expect([config.store.accessKey?.reveal(), config.store.secretKey?.reveal()]).toEqual(["a${b}c", "p${S}q"]);
  });

  it("of environment and flags are taken as they are", async () => {
    const env = { MINIO_ENDPOINT: "https://a", MINIO_ACCESS_KEY: "${X}", MINIO_SECRET_KEY: "bbbb" };
    const { config } = await loadTexts([], { env });
    expect(config.store.type === "s3" && config.store.accessKey?.reveal()).toBe("${X}");
  });

  it("that cannot be filled are reported with the variable and the key, unless a later source replaces them", async () => {
    const file = `store: { type: folder, path: "\${HERE}" }\ncluster: { name: "\${file:/nowhere/at/all}", domain: "\${no good}" }\n`;
    expect(await problemsOfTexts([file])).toEqual([
      "store.path: environment variable HERE is not set; set it, or write ${HERE:-default} [a.yaml:1]",
      "cluster.name: ${file:/nowhere/at/all} cannot be read (ENOENT); check the path and its permissions [a.yaml:2]",
      "cluster.domain: has a ${…} that is neither ${VAR}, ${VAR:-default} nor ${file:/path}; a literal one is written $${ [a.yaml:2]",
    ]);
    const { config } = await loadTexts([file, "cluster: { name: n, domain: d }\n"], { flags: { "store.path": "/x" } });
    expect(config).toMatchObject({ cluster: { name: "n", domain: "d" }, store: { path: "/x" } });
  });
});
