import { createPublicKey } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serveSnapshot } from "@kubeferry/kube-replay";
import { loadConfig } from "@kubeferry/shared-config";
import { describe, expect, it } from "vitest";
import { EXAMPLE_CLUSTER, exampleSnapshot } from "../demo/example-snapshot.ts";
import { testCall } from "../testing/call.ts";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder } from "../testing/workspace.ts";

async function modeOf(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

describe("kubeferry init", () => {
  it("in an empty folder writes a configuration that is valid and makes a backup", { timeout: 120_000 }, async () => {
    const cwd = await freshFolder();
    const { name, domain } = EXAMPLE_CLUSTER;
    const flags = ["--yes", "--signing", "--webhook", "--cluster-name", name, "--cluster-domain", domain];
    const made = await kubeferry(["init", ...flags], { cwd });
    expect(made.code, made.stderr).toBe(0);
    expect((await readdir(cwd)).sort()).toEqual([
      "kubeferry-identity.txt",
      "kubeferry-signing-key.pem",
      "kubeferry-webhook-key.txt",
      "kubeferry.yaml",
    ]);

    const identity = await readFile(join(cwd, "kubeferry-identity.txt"), "utf8");
    const signingKey = await readFile(join(cwd, "kubeferry-signing-key.pem"), "utf8");
    expect(identity).toMatch(/^AGE-SECRET-KEY-1[0-9A-Z]+\n$/);
    expect(await modeOf(join(cwd, "kubeferry-identity.txt"))).toBe(0o600);
    expect(await modeOf(join(cwd, "kubeferry-signing-key.pem"))).toBe(0o600);
    const webhookKey = await readFile(join(cwd, "kubeferry-webhook-key.txt"), "utf8");
    expect(await modeOf(join(cwd, "kubeferry-webhook-key.txt"))).toBe(0o600);
    const { config } = await loadConfig({ files: [], env: {}, cwd });
    expect(config.webhook.keys.map((key) => key.reveal().trim())).toEqual([webhookKey.trim()]);
    expect(config).toMatchObject({ cluster: { name, domain }, backup: { secrets: "encrypt" } });
    expect(config.encryption.recipients).toEqual([expect.stringMatching(/^age1/)]);
    expect(createPublicKey(signingKey).export({ type: "spki", format: "der" }).toString("base64")).toBe(
      config.signing.trusted[0],
    );

    const validated = await kubeferry(["config", "validate"], { cwd });
    expect(validated).toMatchObject({ code: 0, stdout: "The configuration is valid: 1 cluster.\n" });
    const replay = await serveSnapshot(await exampleSnapshot(testCall), { port: 0 }, testCall);
    try {
      await writeFile(join(cwd, "kubeconfig"), replay.kubeconfig);
      const set = ["--set", "kubernetes.kubeconfig=kubeconfig"];
      const backup = await kubeferry(["backup", "--output", "json", ...set], { cwd });
      expect(backup.code, backup.stderr).toBe(0);
      expect(jsonOf(backup)).toMatchObject({ status: "complete", cluster: `${domain}/${name}`, secrets: "encrypt" });
      const said = [made, validated, backup].map(({ stdout, stderr }) => stdout + stderr).join("\n");
      expect(said).not.toContain(identity.trim());
      expect(said).not.toContain(signingKey.split("\n")[1]);
      expect(said).not.toContain(webhookKey.trim());
    } finally {
      await replay.close();
    }
  });

  it("writes over nothing: neither a configuration nor a key", async () => {
    const cwd = await freshFolder();
    await writeFile(join(cwd, "kubeferry-identity.txt"), "kept\n");
    const key = await kubeferry(["init", "--yes"], { cwd });
    expect(key).toMatchObject({ code: 2, stdout: "" });
    expect(key.stderr).toContain("kubeferry-identity.txt: exists: the file is there already, and nothing was written");
    expect(await readdir(cwd)).toEqual(["kubeferry-identity.txt"]);
    expect(await readFile(join(cwd, "kubeferry-identity.txt"), "utf8")).toBe("kept\n");

    await writeFile(join(cwd, "kubeferry.yaml"), "# mine\n");
    const config = await kubeferry(["init", "--yes", "--secrets", "withhold"], { cwd });
    expect(config.code).toBe(2);
    expect(await readFile(join(cwd, "kubeferry.yaml"), "utf8")).toBe("# mine\n");
  });

  it("makes no key that nothing needs, and names what an S3 store still lacks", async () => {
    const cwd = await freshFolder();
    const made = await kubeferry(["init", "--bucket", "east", "--secrets", "omit", "--output", "conf/east.yaml"], {
      cwd,
    });
    expect(made.code, made.stderr).toBe(0);
    expect(await readdir(join(cwd, "conf"))).toEqual(["east.yaml"]);
    expect(made.stderr).toContain("Set MINIO_ENDPOINT, MINIO_ACCESS_KEY and MINIO_SECRET_KEY.");
    expect(made.stderr).toContain(`kubeferry doctor --config ${join(cwd, "conf", "east.yaml")}`);
    const env = { MINIO_ENDPOINT: "https://minio", MINIO_ACCESS_KEY: "a", MINIO_SECRET_KEY: "b" };
    const validated = await kubeferry(["config", "validate", "--config", "conf/east.yaml"], { cwd, env });
    expect(validated.code, validated.stderr).toBe(0);
  });

  it("refuses answers that no configuration takes, before it writes anything", async () => {
    const cwd = await freshFolder();
    const refused = await kubeferry(["init", "--yes", "--bucket", "Not A Bucket", "--cluster-name", "a/b"], { cwd });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/^config: 2 problems: .*cluster\.name: .*store\.bucket: /s);
    expect(await readdir(cwd)).toEqual([]);
  });

  it.each([
    ["without a key for calls", [], { via: "job", cronJob: { name: "kubeferry-gitops" } }],
    ["with one", ["--webhook"], { via: "webhook", url: "https://kubeferry.ops.svc:8443/v1/backup-complete" }],
  ])("writes examples that load when they are switched on, %s", async (_, key, announce) => {
    const cwd = await freshFolder();
    expect((await kubeferry(["init", "--yes", "--secrets", "withhold", ...key], { cwd })).code).toBe(0);
    const text = await readFile(join(cwd, "kubeferry.yaml"), "utf8");
    const examples = text.slice(text.indexOf("# retention:"));
    const switchedOn = examples.replaceAll(/^# (?=[a-z ]+: |[a-z]+:$| {2})/gm, "");
    await writeFile(join(cwd, "kubeferry.yaml"), text.replace(examples, switchedOn));
    const { config } = await loadConfig({ files: [], env: { GIT_TOKEN: "token" }, cwd });
    expect(config).toMatchObject({
      retention: { withinMs: 30 * 86_400_000, weekly: 8, monthly: 12 },
      announce,
      gitops: { namespaces: ["shop", "team-*"], repository: { platform: "gitea" } },
    });
  });
});
