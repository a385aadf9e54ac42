import { execFile } from "node:child_process";
import { cp, mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { loadConfig } from "@kubeferry/shared-config";
import { missingServers, servers } from "@kubeferry/testbed";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { freshFolder } from "../testing/workspace.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../../..", import.meta.url));
const COMPOSE = "docker-compose.yaml";

interface Compose {
  readonly services: Readonly<
    Record<string, { readonly image: string; readonly volumes?: readonly string[]; readonly ports?: readonly string[] }>
  >;
}

describe("docker-compose.yaml", () => {
  it.skipIf(missingServers("go-modules"))(
    "is what the Compose specification's schema says",
    { timeout: 120_000 },
    async () => {
      const module = await servers.goModule("compose-spec");
      const schema = JSON.parse(await readFile(join(module, "schema/compose-spec.json"), "utf8")) as object;
      const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);
      validate(await compose());
      expect(validate.errors).toBeNull();
      expect(validate({ services: { a: { imag: "b" } } })).toBe(false);
    },
  );

  it("pins every image by its whole tag, and opens ports to this machine alone", async () => {
    for (const [name, { image, ports = [] }] of Object.entries((await compose()).services)) {
      if (image !== "kubeferry:local") expect(image, name).toMatch(/:(v?\d+\.\d+\.\d+|RELEASE\.[\dTZ-]+)$/);
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/);
    }
  });

  it("mounts files that are there", async () => {
    const mounted = Object.values((await compose()).services).flatMap(({ volumes = [] }) => volumes);
    const files = mounted.filter((each) => each.startsWith("./")).map((each) => each.split(":")[0] ?? "");
    expect(files.length).toBeGreaterThan(5);
    for (const file of files) await stat(join(ROOT, file));
  });

  it("has no password, and no default for one", async () => {
    const text = await readFile(join(ROOT, COMPOSE), "utf8");
    for (const name of [
      "MINIO_ROOT_USER",
      "MINIO_ROOT_PASSWORD",
      "GITEA_SECRET_KEY",
      "GRAFANA_PASSWORD",
      "WEBHOOK_KEY",
    ]) {
      const uses = [...text.matchAll(new RegExp(`\\$\\{${name}([^}]*)\\}`, "g"))];
      expect(uses.length, name).toBeGreaterThan(0);
      for (const [, rest] of uses) expect(rest, name).toMatch(/^:\?run /);
    }
  });

  it("runs with what make-env.sh writes: a file for one's own eyes, from which the configuration loads", async () => {
    const folder = await freshFolder();
    const script = "examples/compose/make-env.sh";
    await mkdir(join(folder, "examples/compose"), { recursive: true });
    await cp(join(ROOT, script), join(folder, script));
    await run("sh", [join(folder, script)]);
    expect((await stat(join(folder, ".env"))).mode & 0o777).toBe(0o600);
    await expect(run("sh", [join(folder, script)])).rejects.toThrow(/is there already/);
    const env = Object.fromEntries(
      (await readFile(join(folder, ".env"), "utf8"))
        .split("\n")
        .filter((line) => /^[A-Z_]+=/.test(line))
        .map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1)]),
    );
    expect(env.MINIO_ROOT_PASSWORD?.length).toBeGreaterThan(20);
    const { config } = await loadConfig({
      files: [join(ROOT, "examples/compose/kubeferry.yaml")],
      env: {
        MINIO_ACCESS_KEY: env.MINIO_ROOT_USER ?? "",
        MINIO_SECRET_KEY: env.MINIO_ROOT_PASSWORD ?? "",
        WEBHOOK_KEY: env.WEBHOOK_KEY ?? "",
        GIT_TOKEN: "from Gitea",
      },
    });
    expect(config).toMatchObject({ store: { bucket: "k8s-backups" }, announce: { via: "webhook" } });
    // Prometheus and the port that is published come from outside the container.
    expect([config.metrics.host, config.gitops?.serve.host]).toEqual(["0.0.0.0", "0.0.0.0"]);
    expect(env.RUN_AS).toBe(String(process.getuid?.()));
  });

  it.skipIf(missingServers("prometheus"))(
    "has a Prometheus whose configuration promtool takes, alerts included",
    { timeout: 60_000 },
    async () => {
      const folder = await freshFolder();
      await cp(join(ROOT, "examples/compose/prometheus.yml"), join(folder, "prometheus.yml"));
      await cp(join(ROOT, "charts/kubeferry/files/rules"), join(folder, "rules"), { recursive: true });
      const { stdout } = await run("promtool", ["check", "config", join(folder, "prometheus.yml")]);
      expect(stdout).toContain("prometheus.yml is valid prometheus config file syntax");
      expect(stdout).toMatch(/SUCCESS: \d+ rules found/);
    },
  );

  async function compose(): Promise<Compose> {
    return parse(await readFile(join(ROOT, COMPOSE), "utf8")) as Compose;
  }
});
