import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonObject, SummaryReport } from "@kubeferry/model";
import { createFolderStore } from "@kubeferry/object-store";
import {
  configMap,
  deployment,
  namespace,
  type SnapshotSpec,
  secret,
  takeSnapshot,
  widget,
} from "@kubeferry/test-fleet";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

/** It shows what the first test sees. */
const PAGE = new URL("../../../../docs/factoring.md", import.meta.url);

/** The first one may have to build what it starts. */
const LIMIT = { timeout: 120_000 };

const ENVIRONMENTS = ["dev", "test", "prod"] as const;

const DOMAINS = { dev: "dev.example.com", test: "test.example.com", prod: "example.com" };

const PASSWORDS = { dev: "correct-Horse7", test: "battery-Staple8", prod: "tr0ub4dor-And3" };

/** What a shop has in an environment. */
function shopIn(environment: keyof typeof DOMAINS): readonly JsonObject[] {
  const domain = DOMAINS[environment];
  return [
    namespace("shop"),
    configMap("shop/links", { web: `https://web.${domain}/`, api: `https://api.${domain}/v1`, docs: `docs.${domain}` }),
    configMap("shop/same"),
    configMap("shop/login", { password: PASSWORDS[environment] }),
    secret("shop/db", { password: `${PASSWORDS[environment]}-of-the-db` }),
    deployment("shop/web", environment === "prod" ? 3 : 1),
    ...(environment === "prod" ? [] : [configMap("shop/debug")]),
    ...(environment === "dev" ? [widget("shop/blue")] : []),
    namespace("team"),
    configMap("team/settings"),
  ];
}

describe("kubeferry gitops summary", () => {
  let store: string;

  beforeAll(async () => {
    store = await takeAll({ prod: { unread: ["widgets.example.com"] } });
  });

  async function takeAll(specs: Readonly<Record<string, SnapshotSpec>>): Promise<string> {
    const path = join(await freshFolder(), "store");
    await mkdir(path);
    const folder = createFolderStore({ path, autoCreate: true });
    for (const name of ENVIRONMENTS) {
      const cluster = { domain: "example.internal", name, uid: `kube-system-of-${name}` };
      await takeSnapshot(folder, cluster, shopIn(name), { secrets: "plain", ...specs[name] });
    }
    return path;
  }

  function configure(gitops: object = {}, path = store): Promise<string> {
    const environments = Object.fromEntries(
      ENVIRONMENTS.map((name) => [name, { cluster: `example.internal/${name}` }]),
    );
    return writeConfig({
      store: { type: "folder", path },
      gitops: {
        namespaces: ["*"],
        repository: { url: "https://git.invalid/acme/fleet.git" },
        scan: { allow: [{ object: "ConfigMap shop/login", reason: "a test" }] },
        environments,
        ...gitops,
      },
    });
  }

  it("shows in tables what is alike, named otherwise and different, and asks no repository", LIMIT, async () => {
    const run = await kubeferry(["gitops", "summary", "-f", await configure()]);
    expect(run.code, run.stderr).toBe(1);
    expect(run.stdout).toBe(`dev, made from example.internal/dev
test, made from example.internal/test
prod, made from example.internal/prod

FOLDER           OBJECTS  EQUAL  DIFFERENT  BY NAMES ALONE  ONLY IN SOME  IN
namespaces/shop  7        2      3          1               2             dev test prod
namespaces/team  2        2      0          0               0             dev test prod

the same under another name:
        dev              test              prod         PLACES  OBJECTS
  host  dev.example.com  test.example.com  example.com  3       1

different in most places, names apart:
  ConfigMap shop/login: 1 place, not shown
  Deployment shop/web: 1 place
    /spec/replicas

only in some:
  ConfigMap shop/debug: dev, test
  Widget.example.com shop/blue: dev; unread or left out in prod

could not be read:
  example.internal/prod: widgets.example.com was unread (forbidden)
`);
    expect(await readFile(PAGE, "utf8")).toContain(`$ kubeferry gitops summary\n${run.stdout}\`\`\`\n`);
  });

  it("gives numbers, names and paths as JSON, and shows no value of a Secret or a credential", LIMIT, async () => {
    const run = await kubeferry(["gitops", "summary", "sh*", "-f", await configure(), "--output", "json"]);
    const report = jsonOf<SummaryReport>(run);
    expect(report).toMatchObject({
      stage: "summary",
      status: "partial",
      environments: [{ name: "dev", source: "example.internal/dev" }, {}, {}],
      folders: [{ folder: "namespaces/shop", objects: 7, equal: 2, different: 3, byParameters: 1 }],
      parameters: [{ name: "host", configured: false, values: DOMAINS, places: 3, objects: 1, partly: 0 }],
      unread: ["example.internal/prod: widgets.example.com was unread (forbidden)"],
    });
    expect(report.folders).toHaveLength(1);
    for (const password of Object.values(PASSWORDS)) {
      expect(run.stdout).not.toContain(password);
      expect(run.stdout).not.toContain(Buffer.from(password).toString("base64"));
    }
  });

  it("writes Markdown that a ticket takes, with a configured parameter by its own name", LIMIT, async () => {
    const complete = await takeAll({});
    const config = await configure({ parameters: { "our domain": DOMAINS } }, complete);
    const run = await kubeferry(["gitops", "summary", "-f", config, "--output", "markdown"]);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain("| `namespaces/shop` | `dev` `test` `prod` | 2 | 3 (1 by names alone) | 2 |\n");
    expect(run.stdout).toContain(
      "| `our domain` | `dev.example.com` | `test.example.com` | `example.com` | 3 places in 1 object |\n",
    );
    expect(run.stdout).toContain("- `Widget.example.com shop/blue` only in `dev`\n");
  });

  it("says plainly that environments of one cluster differ by the configuration alone", LIMIT, async () => {
    const cluster = "example.internal/dev";
    const environments = {
      dev: { cluster },
      stage: { cluster, destination: { cluster: "example.internal/stage" }, replicas: 4 },
    };
    const run = await kubeferry(["gitops", "summary", "shop", "-f", await configure({ environments })]);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toContain(
      "All environments are made from example.internal/dev: what differs is what the configuration changes.\n",
    );
    expect(run.stdout).toContain("Deployment shop/web: 1 place\n    /spec/replicas\n");
  });

  it("refuses what it cannot compare by, and says what to write", LIMIT, async () => {
    const said = async (gitops: object, ...args: readonly string[]) => {
      const run = await kubeferry(["gitops", "summary", ...args, "-f", await configure(gitops)]);
      expect(run).toMatchObject({ code: 2, stdout: "" });
      return run.stderr;
    };
    const wrong = await said({
      parameters: { domain: { dev: "a.com", stage: "b.com" }, registry: { dev: "quay.io" } },
    });
    expect(wrong).toContain("gitops.parameters.domain.stage: no environment is called so; there are dev, test, prod");
    expect(wrong).toContain("gitops.parameters.registry: expected a text for at least two environments");
    const password = { "db password": { dev: "correct-Horse7", prod: "battery-Staple8" } };
    const refused = await said({ parameters: password });
    expect(refused).toContain("gitops.parameters.db password.dev looks like a credential");
    expect(refused).not.toContain("Horse7");
    expect(await said({}, "nowhere")).toContain("no snapshot that is read has anything in nowhere");
  });
});
