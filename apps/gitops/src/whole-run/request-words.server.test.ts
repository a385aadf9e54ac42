import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JsonObject } from "@kubeferry/model";
import { configMap, deployment, namespace } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const execute = promisify(execFile);

const BRANCH = "kubeferry/main";
const STARTED = ["dev", "test", "prod"];

// One story, told in order: each step is merged before the next one begins.
describe.skipIf(missingServers("kustomize", "gitea"))("the request of several clusters", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await createFleet("gitea");
    for (const cluster of STARTED) await snapshot(cluster, "1.4");
    await fleet.run({ gitops: { ...gitops(STARTED), mode: "push" } });
  }, 120_000);
  afterAll(() => fleet.close());

  it("says of an image that moves in one environment that it moves there, and nothing of the others", {
    timeout: 60_000,
  }, async () => {
    await snapshot("prod", "1.5");
    const request = await run(STARTED);
    expect(request.title).toMatch(/: 0 new, 1 changed, 0 removed$/);
    expect(request.changedFiles).toEqual([
      "namespaces/shop/.kubeferry.json",
      "namespaces/shop/prod/kustomization.yaml",
    ]);
    expect(sectionOf(request.body, "Environment by environment")).toEqual([
      "- **dev, test**: no object changes",
      "- **prod**: 1 changed (`Deployment shop/web`); images: `registry.example.com/web` `1.4` → `1.5`",
    ]);
    expect(request.body).not.toContain("Shared files");
    expect(await fleet.run({ gitops: gitops(STARTED) })).toMatchObject({
      commit: "",
      pullRequest: { outcome: "unchanged" },
    });
    await fleet.merge(BRANCH);
  });

  it("says of a base that follows the majority where nothing comes of it, and building shows it", {
    timeout: 60_000,
  }, async () => {
    const before = await builds("main");
    await snapshot("dev", "1.5");
    const request = await run(STARTED);
    expect(request.title).toMatch(/: 0 new, 1 changed, 0 removed$/);
    expect(request.changedFiles).toContain("namespaces/shop/base/deployment-web.yaml");
    expect(sectionOf(request.body, "Environment by environment")).toEqual([
      "- **dev**: 1 changed (`Deployment shop/web`); images: `registry.example.com/web` `1.4` → `1.5`",
      "- **test, prod**: no object changes",
    ]);
    expect(sectionOf(request.body, "Shared files that change where an environment does not")).toEqual([
      "- `namespaces/shop`: the base follows most environments, or the first of equally many, in 1 object (`Deployment shop/web`). Overlays are rewritten for that: nothing changes in **test, prod**.",
    ]);
    const after = await builds(BRANCH);
    expect(after.get("test")).toBe(before.get("test"));
    expect(after.get("prod")).toBe(before.get("prod"));
    expect(after.get("dev")).toBe(before.get("dev")?.replace("web:1.4", "web:1.5"));
    await fleet.merge(BRANCH);
  });

  it("says of a new environment what it gets, and that nothing changes in the others", {
    timeout: 60_000,
  }, async () => {
    await snapshot("preprod", "1.5", [configMap("shop/more")]);
    const all = [...STARTED, "preprod"];
    const request = await run(all);
    expect(sectionOf(request.body, "Environment by environment")).toEqual([
      "- **dev, test, prod**: no object changes",
      "- **preprod**: 4 new (`ConfigMap shop/more`, `ConfigMap shop/same`, `Namespace shop`, `Deployment shop/web`)",
    ]);
    expect(request.body).not.toContain("Shared files");
    const [, likeness] = request.body.split("<summary>How alike the environments are</summary>\n");
    expect(likeness?.split("</details>")[0]).toContain(
      "| `namespaces/shop` | `dev` `test` `prod` `preprod` | 2 | 1 | 1 |",
    );
    expect(likeness).toContain("- `ConfigMap shop/more` only in `preprod`\n");
  });

  async function snapshot(cluster: string, tag: string, more: readonly JsonObject[] = []): Promise<void> {
    const place = { domain: "crc.testing", name: cluster, uid: `kube-system-of-${cluster}` };
    await fleet.snapshot([namespace("shop"), configMap("shop/same"), web(tag), ...more], {}, place);
  }

  /** A run that proposes something, and what its request says. */
  async function run(environments: readonly string[]) {
    const { pullRequest } = await fleet.run({ gitops: gitops(environments) });
    const place = `/pulls/${pullRequest?.number}`;
    const { title, body } = (await fleet.api("GET", place)) as { readonly title: string; readonly body: string };
    const files = (await fleet.api("GET", `${place}/files`)) as { readonly filename: string }[];
    return { title, body, changedFiles: files.map(({ filename }) => filename) };
  }

  /** What the real kustomize makes of every overlay, byte for byte. */
  async function builds(branch: string): Promise<ReadonlyMap<string, string>> {
    const place = await fleet.clone(branch);
    const texts = STARTED.map(async (name) => {
      const args = ["build", join(place, "namespaces/shop", name)];
      return [name, (await execute(servers.binary("kustomize"), args)).stdout] as const;
    });
    return new Map(await Promise.all(texts));
  }
});

function gitops(environments: readonly string[]) {
  const each = environments.map((name) => [name, { cluster: `crc.testing/${name}` }] as const);
  return { environments: Object.fromEntries(each) };
}

function web(tag: string): JsonObject {
  const object = deployment("shop/web");
  const containers = [{ name: "web", image: `registry.example.com/web:${tag}` }];
  const template = { metadata: { labels: { app: "web" } }, spec: { containers } };
  return { ...object, spec: { ...(object.spec as JsonObject), template } };
}

/** The lines of a section, without its title. */
function sectionOf(body: string, title: string): readonly string[] {
  const [, section = ""] = body.split(`## ${title}\n`);
  return (section.split(/\n(?:## |<details>)/)[0] ?? "").split("\n").filter((line) => line !== "");
}
