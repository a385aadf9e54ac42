import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "@kubeferry/clean";
import type { JsonObject, ValidationReport } from "@kubeferry/model";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { lacking } from "../testing/projects/compare-objects.ts";
import { bring, type Way } from "../testing/projects/kubectl.ts";
import { idOf, namespacesOf, placedApart } from "../testing/projects/place-objects.ts";
import { readRealWorld, WORKING_CONTROLLERS } from "../testing/projects/real-world.ts";
import { reasonToGo, reasonToStay } from "../testing/projects/written-list.ts";
import { freshFolder, writeConfig } from "../testing/workspace.ts";

const TIMEOUT_MS = 900_000;

const CLUSTER = { name: "real", domain: "example.internal" };

/** What is brought into a cluster, in rounds: definitions come before their objects. */
type Rounds = readonly (readonly JsonObject[])[];

describe.skipIf(missingServers("kube-apiserver", "kube-controller-manager", "kubectl", "go-modules"))(
  "objects of real projects, applied, backed up and cleaned",
  () => {
    let rounds: Rounds;
    let applied: Mirror;
    let store: string;

    beforeAll(async () => {
      rounds = await projects();
      ({ mirror: applied, store } = await backupAfter(rounds, "apply"));
    }, TIMEOUT_MS);

    it("by kubectl apply: all of it is there, and what the server added is on the written list", () => {
      expect(rounds.flat().length).toBeGreaterThan(150);
      expect(differences(rounds.flat(), applied)).toEqual({ lost: [], unexplained: [] });
    });

    it("by kubectl apply, on their way into Git: the schemas of the snapshot know every field, and take every value", {
      timeout: TIMEOUT_MS,
    }, async () => {
      const repository = { url: "https://git.invalid/acme/fleet.git" };
      const gitops = { namespaces: ["*", "argocd"], repository, validation: { schema: "error" } };
      const config = await writeConfig({ cluster: CLUSTER, store: { type: "folder", path: store }, gitops });
      const { objects, validation } = jsonOf<ValidationReport>(
        await kubeferry(["gitops", "validate", "--config", config, "--output", "json"]),
      );
      expect(objects).toBeGreaterThan(150);
      expect(validation.errors).toBe(0);
      expect(validation.findings.filter(({ rule }) => rule === "no-schema")).toEqual([]);
    });

    it("by kubectl apply --server-side from the files of the mirror, to an empty cluster: the same files", {
      timeout: TIMEOUT_MS,
    }, async () => {
      const again: Rounds = rounds.map((round) =>
        round.map((object) => applied.get(idOf(object))?.object).filter((object) => object !== undefined),
      );
      const { mirror } = await backupAfter(again, "apply --server-side");
      const ids = rounds.flat().map(idOf);
      const textsOf = (files: Mirror) => Object.fromEntries(ids.map((id) => [id, files.get(id)?.text]));
      expect(textsOf(mirror)).toEqual(textsOf(applied));
      expect(differences(rounds.flat(), mirror)).toEqual({ lost: [], unexplained: [] });
    });
  },
);

async function backupAfter(rounds: Rounds, way: Way): Promise<Backup> {
  const kube = await servers.freshKubeApi({ controllers: WORKING_CONTROLLERS });
  try {
    for (const round of rounds) await bring(kube, round, way);
    return await backedUp(kube);
  } finally {
    await kube.stop();
  }
}

/** What of the objects is not in the mirror, and what the mirror has beside it, but for what the written list explains. */
function differences(objects: readonly JsonObject[], mirror: Mirror): { lost: string[]; unexplained: string[] } {
  const lost: string[] = [];
  const unexplained: string[] = [];
  for (const object of objects) {
    const id = idOf(object);
    const cleaned = mirror.get(id)?.object;
    if (cleaned === undefined) {
      lost.push(id);
      continue;
    }
    for (const difference of lacking(object, cleaned)) {
      if (reasonToGo(object, difference) === undefined) lost.push(`${id} ${difference.pattern}`);
    }
    for (const difference of lacking(cleaned, object)) {
      if (reasonToStay(object, difference) === undefined) unexplained.push(`${id} ${difference.pattern}`);
    }
  }
  return { lost, unexplained };
}

async function projects(): Promise<Rounds> {
  const { argoCd, prometheusOperator, certManager, certificates, examples } = await readRealWorld();
  const installed = [...argoCd, ...prometheusOperator, ...certManager];
  const objects = [...placedApart("example", examples), ...certificates];
  return [namespacesOf([...installed, ...objects]), installed, objects];
}

type Mirror = ReadonlyMap<string, { readonly object: JsonObject; readonly text: string }>;

/** A backup: the files of its mirror, and the folder that it lies in. */
interface Backup {
  readonly mirror: Mirror;
  readonly store: string;
}

async function backedUp(kube: FreshKubeApi): Promise<Backup> {
  const path = await freshFolder();
  const config = await writeConfig({
    cluster: CLUSTER,
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
  return { mirror: new Map(await Promise.all(read)), store: path };
}
