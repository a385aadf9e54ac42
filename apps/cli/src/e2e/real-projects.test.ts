import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { kubeferry } from "../testing/cli.ts";
import { CERT_MANAGER_OBJECTS } from "../testing/projects/cert-manager-objects.ts";
import { lacking } from "../testing/projects/compare-objects.ts";
import { reasonToStay } from "../testing/projects/defaults-that-stay.ts";
import { bring, type Way } from "../testing/projects/kubectl.ts";
import { idOf, namespacesOf, placedApart, placedIn } from "../testing/projects/place-objects.ts";
import { readObjects } from "../testing/projects/read-project.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const TIMEOUT_MS = 240_000;

/** Those that change what they are given, or make something of it. */
const CONTROLLERS = [
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "serviceaccount-controller",
  "serviceaccount-token-controller",
  "root-ca-certificate-publisher-controller",
  "endpointslice-controller",
  "clusterrole-aggregation-controller",
  "disruption-controller",
  "namespace-controller",
];

// Its schema asks for `spec.selector`, which the example lacks: no API server takes it.
const REFUSED_EXAMPLE = (object: JsonObject): boolean =>
  object.kind === "ServiceMonitor" && (object.spec as JsonObject).selector === undefined;

/** What is brought into a cluster, in rounds: definitions come before their objects. */
type Rounds = readonly (readonly JsonObject[])[];

describe.skipIf(missingServers("kube-apiserver", "kube-controller-manager", "kubectl", "go-modules"))(
  "objects of real projects, applied, backed up and cleaned",
  () => {
    let rounds: Rounds;
    let kube: FreshKubeApi | undefined;

    beforeAll(async () => {
      rounds = await projects();
    }, TIMEOUT_MS);
    afterEach(() => kube?.stop());

    it.each<Way>(["apply", "apply --server-side"])(
      "by kubectl %s: all that was applied is there, and what the server added is on the written list",
      { timeout: TIMEOUT_MS },
      async (way) => {
        const mirror = await mirrorAfter(rounds, way);
        const applied = rounds.flat();
        expect(applied.length).toBeGreaterThan(150);
        const lost: string[] = [];
        const unexplained: string[] = [];
        for (const object of applied) {
          const id = idOf(object);
          const cleaned = mirror.get(id);
          if (cleaned === undefined) lost.push(id);
          else {
            lost.push(...lacking(object, cleaned.object).map(({ pattern }) => `${id} ${pattern}`));
            for (const { pattern, value } of lacking(cleaned.object, object)) {
              if (reasonToStay(String(object.kind), pattern) !== undefined) continue;
              unexplained.push(`${id} ${pattern}: ${String(value)}`);
            }
          }
        }
        expect(lost).toEqual([]);
        expect(unexplained).toEqual([]);
      },
    );

    it("applied once more from the files of the mirror to an empty cluster, they give the same files", {
      timeout: 2 * TIMEOUT_MS,
    }, async () => {
      const ids = new Set(rounds.flat().map(idOf));
      const first = await mirrorAfter(rounds, "apply");
      await kube?.stop();
      const again = rounds.map((round) => round.flatMap((object) => first.get(idOf(object))?.object ?? []));
      const second = await mirrorAfter(again, "apply --server-side");
      const textsOf = (mirror: Mirror) =>
        Object.fromEntries([...mirror].flatMap(([id, { text }]) => (ids.has(id) ? [[id, text]] : [])));
      expect(textsOf(second)).toEqual(textsOf(first));
    });

    async function mirrorAfter(all: Rounds, way: Way): Promise<Mirror> {
      kube = await servers.freshKubeApi({ controllers: CONTROLLERS });
      for (const round of all) await bring(kube, round, way);
      return backedUp(kube);
    }
  },
);

async function projects(): Promise<Rounds> {
  const [argo, prometheus, certManager] = await Promise.all(
    (["argo-cd", "prometheus-operator", "cert-manager"] as const).map((name) => servers.goModule(name)),
  );
  const installed = [
    ...placedIn("argocd", await readObjects(`${argo}`, "manifests/install.yaml")),
    ...placedIn("monitoring", await readObjects(`${prometheus}`, "bundle.yaml")),
    ...(await readObjects(`${certManager}`, "deploy/crds")),
  ];
  const examples = (await readObjects(`${prometheus}`, "example"))
    .filter(({ kind }) => kind !== "CustomResourceDefinition")
    .filter((object) => !REFUSED_EXAMPLE(object));
  const objects = [...placedApart("example", examples), ...CERT_MANAGER_OBJECTS];
  return [namespacesOf([...installed, ...objects]), installed, objects];
}

type Mirror = ReadonlyMap<string, { readonly object: JsonObject; readonly text: string }>;

async function backedUp(kube: FreshKubeApi): Promise<Mirror> {
  const path = await freshFolder();
  const config = await writeConfig({
    cluster: { name: "real", domain: "example.internal" },
    kubernetes: { kubeconfig: kube.kubeconfig },
    store: { type: "folder", path },
    backup: { secrets: "plain", mirror: { validate: true } },
  });
  const run = await kubeferry(["backup", "--config", config]);
  if (run.code !== 0) throw new Error(`backup ended with ${run.code}: ${run.stderr}`);
  const root = join(path, "example.internal/real");
  const files = (await readdir(root, { recursive: true })).filter((file) => file.endsWith(".yaml"));
  const read = files.map(async (file) => {
    const text = await readFile(join(root, file), "utf8");
    const object = parseYaml(text) as JsonObject;
    return [idOf(object), { object, text }] as const;
  });
  return new Map(await Promise.all(read));
}
