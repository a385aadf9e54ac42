import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { JsonObject } from "@kubeferry/model";
import { configMap, deployment, namespace, widget } from "@kubeferry/test-fleet";
import { missingServers, servers } from "@kubeferry/testbed";
import { describe, expect, it } from "vitest";
import { createFleet } from "../testing/fleet.ts";

const execute = promisify(execFile);
const BRANCH = "kubeferry/main";
const NAMESPACES = Array.from({ length: 50 }, (_, index) => `team-${index}`);
/** Of each namespace, the Namespace included. */
const OBJECTS = 200;
const DEPLOYMENTS = 40;
const ELSEWHERE = { destination: { cluster: "crc.testing/elsewhere" } };
const ENVIRONMENTS = {
  dev: { ...ELSEWHERE, replicas: 1 },
  test: { ...ELSEWHERE, replicas: 3, images: [{ from: "nginx", tag: "1.30" }] },
  preprod: { ...ELSEWHERE, replicas: { "web-1*": 5 } },
  prod: {},
};

/** How many Deployments of an environment have a number, and an image. */
const BUILT: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  dev: { "replicas: 1": DEPLOYMENTS, "image: nginx:1.29": DEPLOYMENTS },
  test: { "replicas: 3": DEPLOYMENTS, "image: nginx:1.30": DEPLOYMENTS },
  // web-1, and web-10 to web-19
  preprod: { "replicas: 5": 11, "replicas: 2": DEPLOYMENTS - 11, "image: nginx:1.29": DEPLOYMENTS },
  prod: { "replicas: 2": DEPLOYMENTS, "image: nginx:1.29": DEPLOYMENTS },
};

function countsIn(built: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const found of built.match(/\b(replicas|image): \S+/g) ?? []) counts[found] = (counts[found] ?? 0) + 1;
  return counts;
}

function objectsOf(name: string): readonly JsonObject[] {
  const many = (count: number, make: (key: string) => JsonObject, kind: string) =>
    Array.from({ length: count }, (_, index) => make(`${name}/${kind}-${index}`));
  return [
    namespace(name),
    ...many(DEPLOYMENTS, (key) => deployment(key), "web"),
    ...many(100, (key) => configMap(key), "settings"),
    ...many(OBJECTS - 101 - DEPLOYMENTS, (key) => widget(key), "blue"),
  ];
}

describe.skipIf(missingServers("kustomize"))("10,000 objects in 50 namespaces and 4 environments", () => {
  it("are generated and committed, and every overlay builds", { timeout: 600_000 }, async () => {
    const fleet = await createFleet("folder");
    await fleet.snapshot(NAMESPACES.flatMap(objectsOf));
    const gitops = { environments: ENVIRONMENTS, pullRequest: { split: "none" } };
    const report = await fleet.run({ gitops });
    // In each folder: the objects, one kustomization for the base and each overlay, and the mark. Numbers and images need no
    // patch.
    expect(report).toMatchObject({
      status: "complete",
      files: { written: NAMESPACES.length * (OBJECTS + 5 + 1), changed: 0, removed: 0 },
    });

    const namespaces = join(await fleet.clone(BRANCH), "namespaces");
    const texts = await Promise.all(NAMESPACES.map((name) => textOf(join(namespaces, name))));
    expect(new Set(texts).size).toBe(1);

    // All of them being the same, what kustomize makes of some it makes of all: it takes 0.4 s of a processor for each.
    for (const name of NAMESPACES.filter((_, index) => index % 10 === 0)) {
      for (const environment of Object.keys(ENVIRONMENTS)) {
        const place = join(namespaces, name, environment);
        const { stdout } = await execute(servers.binary("kustomize"), ["build", place], { maxBuffer: 1e8 });
        expect(stdout.match(/^kind: /gm)?.length, place).toBe(OBJECTS);
        expect(countsIn(stdout), place).toEqual(BUILT[environment]);
      }
    }
    await fleet.close();
  });
});

/** All that kustomize reads of a folder, with the names of namespaces made one. */
async function textOf(folder: string): Promise<string> {
  const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".yaml")).toSorted();
  expect(files.length).toBeGreaterThan(OBJECTS);
  const texts = files.map(async (file) => `${file}\n${await readFile(join(folder, file), "utf8")}`);
  return (await Promise.all(texts)).join("").replaceAll(/team-\d+/g, "team");
}
