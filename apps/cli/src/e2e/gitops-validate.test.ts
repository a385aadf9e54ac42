import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ValidationReport } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const EXAMPLE = fileURLToPath(new URL("../../../../examples/harbour/store", import.meta.url));
const DOCUMENT = new URL("../../../../docs/policies.md", import.meta.url);

/** The configuration of somebody who has the store, and no repository that answers. */
function configure(validation: object): Promise<string> {
  return writeConfig({
    cluster: { domain: "example.internal", name: "harbour" },
    store: { type: "folder", path: EXAMPLE },
    gitops: { namespaces: ["*"], repository: { url: "https://git.invalid/acme/fleet.git" }, validation },
  });
}

/** The policy file that the page shows. */
async function documentedPolicies(): Promise<string> {
  const page = await readFile(DOCUMENT, "utf8");
  const text = page.split("<!-- the example that a test runs -->")[1]?.match(/```yaml\n([\s\S]*?)```/)?.[1];
  if (text === undefined) throw new Error("docs/policies.md shows no policy file");
  return text;
}

async function written(text: string): Promise<string> {
  const file = join(await freshFolder(), "policies/workloads.yaml");
  await mkdir(dirname(file));
  await writeFile(file, text);
  return file;
}

describe("kubeferry gitops validate", () => {
  it("finds nothing in the example, against the schemas of its API server, and asks no repository", async () => {
    const config = await configure({ schema: "error" });
    const run = await kubeferry(["gitops", "validate", "--config", config]);
    expect(run.code, run.stderr).toBe(0);
    expect(run.stdout).toMatch(/^\d\d objects of example\.internal\/harbour\/.*: 0 errors, 0 warnings\n/);
  });

  it("says by object what the documented policies find, and ends with 1 for errors", async () => {
    const config = await configure({ policies: [await written(await documentedPolicies())] });
    const run = await kubeferry(["gitops", "validate", "--config", config]);
    expect(run.code, run.stderr).toBe(1);
    expect(run.stdout).toContain(`
Deployment shop/web
  error    policy/few-replicas: more than two replicas (in prod)
  warning  policy/few-replicas: more than two replicas (in test, preprod)

Service payments/api
  warning  policy/no-node-ports /spec/type: a Service that opens a port of the nodes

Deployment shop/catalogue
  warning  policy/limits: a container without limits
`);

    const json = await kubeferry(["gitops", "validate", "--config", config, "--output", "json"]);
    const report = jsonOf<ValidationReport>(json);
    expect(json.code).toBe(1);
    expect(report).toMatchObject({ stage: "validate", status: "partial", validation: { errors: 1 } });
    expect(report.validation.findings[0]).toEqual({
      severity: "error",
      rule: "policy/few-replicas",
      object: "Deployment shop/web",
      message: "more than two replicas",
      environments: ["prod"],
    });
  });

  it("does not begin with a policy that does not parse, and says where it stands", async () => {
    const file = await written('rules:\n  - name: few\n    message: too many\n    cel: "object.spec.replicas <="\n');
    const run = await kubeferry(["gitops", "validate", "--config", await configure({ policies: [file] })]);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr).toContain(`rule few: cel: Unexpected token: EOF [${file}:4]`);
  });
});
