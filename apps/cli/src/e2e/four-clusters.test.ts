import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { createCleaner, emitYaml, equalJson, parseYaml } from "@kubeferry/clean";
import { gitView } from "@kubeferry/layout";
import { type JsonObject, parseJson, typeName } from "@kubeferry/model";
import { prefixed } from "@kubeferry/object-store";
import { openSeries } from "@kubeferry/snapshot";
import { missingServers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCall } from "../testing/call.ts";
import { openTestStore } from "../testing/open-test-store.ts";
import { type Adoption, adopt, type DeployedApplication } from "../testing/projects/adopted.ts";
import { type DriftedCluster, NAMESPACES, startDriftedCluster } from "../testing/projects/drift/drifted-cluster.ts";
import { linesOf, measureOverlays } from "../testing/projects/drift/measure-overlays.ts";
import { STAGES, type Stage } from "../testing/projects/drift/stage.ts";
import { isAmong, judge, type KnownJudgement, shows, unexplained } from "../testing/projects/judged.ts";
import { idOf } from "../testing/projects/place-objects.ts";
import { readableObjects } from "../testing/readable-objects.ts";
import { freshStores, type TestStore } from "../testing/workspace.ts";

const TIMEOUT_MS = 300_000;
const DOMAIN = "example.internal";

const DIFFERS = "differs more than it agrees";

/** What every cluster has and no base holds, and why. */
const WHOLE_EVERYWHERE: Readonly<Record<string, string>> = {
  "namespaces/cert-manager/issuer.cert-manager.io-internal-ca.yaml": DIFFERS,
  "namespaces/payments/configmap-cells.yaml": DIFFERS,
  "namespaces/payments/configmap-settings.yaml": DIFFERS,
  "namespaces/payments/ledger.pay.example.com-ledger-1.yaml": "a list of a custom resource, beside integers above 2^53",
};

const KNOWN: readonly KnownJudgement[] = [
  {
    of: /^pay\.example\.com\/Ledger /,
    modes: ["server-side"],
    reason: "an integer above 2^53: Argo CD reads the answer of the dry run as a floating point number",
  },
];

const NEEDED = ["kube-apiserver", "kubectl", "kustomize", "helm", "argo-oracle", "go-modules"] as const;

describe.skipIf(missingServers(...NEEDED))("four clusters that drifted apart, factored into one base", () => {
  let clusters: readonly DriftedCluster[];
  let store: TestStore;
  let adoption: Adoption;
  let applications: readonly DeployedApplication[];
  /** What each cluster's overlays are to build, by `idOf`. */
  let expected: ReadonlyMap<Stage, ReadonlyMap<string, JsonObject>>;

  beforeAll(async () => {
    store = await freshStores.folder();
    // Four at once would fight for two processors, and the last would time out.
    const [first, second] = [await start("dev", "test"), await start("preprod", "prod")];
    clusters = [...first, ...second];
    const sources = clusters.map(({ stage, kube }) => ({ name: stage, kubernetes: { kubeconfig: kube.kubeconfig } }));
    const environments = STAGES.map((stage) => {
      return [stage, { cluster: `${DOMAIN}/${stage}`, destination: { server: `https://${stage}.example.com:6443` } }];
    });
    adoption = await adopt(
      { store: store.section, cluster: { domain: DOMAIN }, clusters: sources },
      {
        namespaces: NAMESPACES,
        argocd: { namespace: "gitops-tool" },
        environments: Object.fromEntries(environments) as object,
      },
    );
    await adoption.round();
    await adoption.merge();
    applications = await adoption.applications("main");
    expected = new Map(
      await Promise.all(clusters.map(async (cluster) => [cluster.stage, await wanted(cluster)] as const)),
    );
  }, TIMEOUT_MS);
  afterAll(() => Promise.all((clusters ?? []).map(({ kube }) => kube.stop())));

  it("builds every overlay with kustomize to exactly the cleaned objects of its cluster", () => {
    for (const stage of STAGES) {
      const built = new Map(applicationsOf(stage).flatMap(({ objects }) => objects.map((each) => [idOf(each), each])));
      const objects = expected.get(stage) ?? new Map<string, JsonObject>();
      expect([...built.keys()].toSorted(), stage).toEqual([...objects.keys()].toSorted());
      expect(objects.size, stage).toBeGreaterThan(120);
      for (const [id, object] of objects)
        expect(equalJson(built.get(id) ?? null, object), `${stage}: ${id}`).toBe(true);
    }
  });

  it("shows Argo CD no difference in any of the four, in each of the ways in which it compares", {
    timeout: TIMEOUT_MS,
  }, async () => {
    for (const { stage, kube } of clusters) {
      const judged = await judge(kube, applicationsOf(stage));
      expect(judged.length, stage).toBe(3 * (expected.get(stage)?.size ?? 0));
      expect(unexplained(judged, KNOWN), stage).toEqual([]);
      expect(
        judged.filter((each) => isAmong(KNOWN, each) && shows(each)),
        stage,
      ).not.toEqual([]);
    }
    // It looks: what dev gets is not what prod has.
    const prod = clusters.find(({ stage }) => stage === "prod")?.kube;
    const mixed = applicationsOf("dev").filter(({ namespace }) => namespace === "payments");
    expect(prod && unexplained(await judge(prod, mixed), KNOWN).length).toBeGreaterThan(50);
  });

  it("takes a fraction of the lines of four full copies", async () => {
    const checkout = await adoption.checkout("main");
    for (const [below, most] of [
      ["namespaces", 60],
      ["cluster", 30],
    ] as const) {
      const copies = fullCopies(below === "cluster");
      const { lines, shared, patched, patches, whole } = await measureOverlays(checkout, below);
      const percent = Math.round((100 * lines) / copies);
      process.stdout.write(
        `${below}: ${lines} lines instead of ${copies} (${percent} %); ${shared} objects in bases, ${patched} of them in ${patches} patches, ${whole.size} whole\n`,
      );
      expect(percent, below).toBeLessThan(most);
    }
  });

  it("holds in the base what all clusters have, and nothing whole without a reason", async () => {
    const checkout = await adoption.checkout("main");
    const measures = await Promise.all(["namespaces", "cluster"].map((below) => measureOverlays(checkout, below)));
    const whole = new Map(measures.flatMap((each) => [...each.whole]));
    const everywhere = [...(expected.get("dev")?.keys() ?? [])].filter(
      (id) => stagesHaving(id).length === STAGES.length,
    );
    const shared = measures.reduce((sum, each) => sum + each.shared, 0);
    const wholeEverywhere = [...whole].filter(([, environments]) => environments.length === STAGES.length);
    expect(wholeEverywhere.map(([file]) => file).toSorted()).toEqual(Object.keys(WHOLE_EVERYWHERE));
    expect(shared).toBe(everywhere.length - wholeEverywhere.length);
    for (const [file, environments] of whole) {
      const text = await readFile(join(checkout, dirname(file), environments[0] ?? "", basename(file)), "utf8");
      expect(environments, file).toEqual(stagesHaving(idOf(parseYaml(text) as JsonObject)).toSorted());
    }
  });

  it("has nothing to say when it runs again after the merge", { timeout: TIMEOUT_MS }, async () => {
    const { gitops } = await adoption.round();
    expect(gitops).toMatchObject({ commit: "", frozen: [], files: { written: 0, changed: 0, removed: 0 } });
    expect(await adoption.changedFiles()).toEqual([]);
  });

  function start(...stages: readonly Stage[]): Promise<DriftedCluster[]> {
    return Promise.all(stages.map(startDriftedCluster));
  }

  function applicationsOf(stage: Stage): readonly DeployedApplication[] {
    return applications.filter(({ name }) => name.endsWith(`-${stage}`) || name.endsWith(`.${stage}`));
  }

  /** Said independently of the layout: the view of what was brought, as the cluster's own snapshot has it. */
  async function wanted({ stage, ids }: DriftedCluster): Promise<ReadonlyMap<string, JsonObject>> {
    const root = prefixed(await openTestStore(store), `${DOMAIN}/${stage}/`);
    const cleaner = createCleaner();
    const objects = new Map<string, JsonObject>();
    for await (const { type, line } of readableObjects(await openSeries(root, "default").at(1, testCall))) {
      const object = parseJson(line.toString("utf8")) as JsonObject;
      if (!ids.has(idOf(object)) || typeName(type) === "secrets") continue;
      objects.set(idOf(object), gitView(object, type, cleaner));
    }
    return objects;
  }

  function fullCopies(clusterScoped: boolean): number {
    const objects = [...expected.values()].flatMap((each) => [...each.values()]);
    const own = objects.filter(({ kind, metadata }) => {
      const { namespace } = metadata as JsonObject;
      return (namespace === undefined && kind !== "Namespace") === clusterScoped;
    });
    return own.reduce((sum, object) => sum + linesOf(emitYaml(object)), 0);
  }

  function stagesHaving(id: string): Stage[] {
    return STAGES.filter((stage) => expected.get(stage)?.has(id));
  }
});
