import { type Cleaner, createCleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { EVERYTHING } from "@kubeferry/test-fleet";
import { describe, expect, it } from "vitest";
import { createSelection } from "../../select/selection.ts";
import { freshStore, quietCall, takeSnapshot } from "../../testing/take-snapshot.ts";
import { createDesired } from "../desired/desired-object.ts";
import { createMapping } from "../desired/mapping.ts";
import type { RestoreFilter } from "../restore-plan.ts";
import { capturedId, plannedId } from "./candidate.ts";
import { withCompanions } from "./companions.ts";
import { relate } from "./relations.ts";
import { type Survey, surveySnapshot } from "./survey.ts";
import type { TargetFacts } from "./target-facts.ts";

/** A cluster that serves Kubernetes' own types and has no namespace of ours. */
const EMPTY: TargetFacts = {
  serves: ({ group }) =>
    group.includes("example") ? { served: false, otherVersions: [] } : { served: true, writable: true },
  typeOf: () => undefined,
  groups: new Set(["", "apps"]),
  namespace: () => undefined,
};

async function survey(
  objects: readonly JsonObject[],
  filter: Partial<RestoreFilter> = {},
  namespaces: Record<string, string> = {},
  cleaner: Cleaner = createCleaner(),
): Promise<Survey> {
  const mapping = createMapping({ namespaces, storageClasses: {}, images: [], patches: [] });
  const desired = createDesired({ cleaner, mapping, sameCluster: false, storageClasses: {} });
  const selection = createSelection({ ...EVERYTHING, ...filter });
  const snapshot = await takeSnapshot(await freshStore(), objects);
  return surveySnapshot(snapshot, { selection, desired }, quietCall);
}

const namespace = (name: string): JsonObject => ({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
const configMap = (ns: string, name: string): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace: ns },
});
const widget = (name: string, ...ownedBy: string[]): JsonObject => ({
  apiVersion: "example.com/v1",
  kind: "Widget",
  metadata: {
    name,
    namespace: "shop",
    ownerReferences: ownedBy.map((owner) => ({
      apiVersion: "example.com/v1",
      kind: "Widget",
      name: owner,
      uid: `uid-Widget-shop/${owner}`,
    })),
  },
});
const definition: JsonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "widgets.example.com" },
  spec: { group: "example.com", names: { plural: "widgets" }, versions: [{ name: "v1", served: true }] },
};

describe("what is meant brings what it cannot be without", () => {
  const objects = [namespace("shop"), namespace("team"), widget("blue"), configMap("shop", "c"), definition];
  const onlyWidgets = { resources: { include: ["widgets"], exclude: [] }, clusterScoped: false };

  it("its namespace and its definition, where the target has neither", async () => {
    const chosen = withCompanions(await survey(objects, onlyWidgets), EMPTY);
    expect(chosen.map((one) => `${one.chosen} ${capturedId(one)}`).sort()).toEqual([
      "asked widgets.example.com shop/blue",
      "needed customresourcedefinitions.apiextensions.k8s.io widgets.example.com",
      "needed namespaces shop",
    ]);
    expect(relate(chosen).broughtType("example.com", "widgets")).toMatchObject({ versions: ["v1"] });
  });

  it("and touches neither where the target has them", async () => {
    const full: TargetFacts = { ...EMPTY, serves: () => ({ served: true, writable: true }), namespace: () => "there" };
    const chosen = withCompanions(await survey(objects, onlyWidgets), full);
    expect(chosen.map(capturedId)).toEqual(["widgets.example.com shop/blue"]);
  });
});

it("makes no object that only its name and its owners are wanted of", async () => {
  const cleaned: string[] = [];
  const cleaner = createCleaner();
  const counting: Cleaner = {
    ...cleaner,
    clean: (object, type) => {
      cleaned.push(type?.kind ?? "");
      return cleaner.clean(object, type);
    },
  };
  const { asked } = await survey([configMap("shop", "c"), widget("blue"), definition], {}, {}, counting);
  expect(asked).toHaveLength(3);
  expect(cleaned).toEqual(["CustomResourceDefinition"]);
});

describe("two namespaces that become one", () => {
  const into = { shop: "all", team: "all" };

  it("are one namespace with the objects of both", async () => {
    const { asked, leftOut } = await survey(
      [namespace("shop"), namespace("team"), configMap("shop", "a"), configMap("team", "b")],
      {},
      into,
    );
    expect(asked.map(({ planned }) => plannedId(planned))).toEqual([
      "configmaps all/a",
      "configmaps all/b",
      "namespaces all",
    ]);
    expect(leftOut).toEqual([
      { object: "namespaces team", reason: "its objects go into namespace all, which is shop here" },
    ]);
  });

  it("are refused where two objects would have one name, both named", async () => {
    await expect(survey([configMap("shop", "a"), configMap("team", "a")], {}, into)).rejects.toMatchObject({
      kind: "config",
      problem: "configmaps shop/a and configmaps team/a would both become configmaps all/a",
    });
  });
});

describe("owners", () => {
  it("stand above what they own, and a circle ends", async () => {
    const { asked } = await survey([
      widget("a", "b"),
      widget("b", "c"),
      widget("c"),
      widget("x", "y"),
      widget("y", "x"),
    ]);
    const relations = relate(asked);
    const depths = Object.fromEntries(asked.map((one) => [one.planned.name, relations.depthOf(one)]));
    expect(depths).toMatchObject({ c: 0, b: 1, a: 2 });
    expect(depths.x).toBeLessThan(3);
  });

  it("are written no later than what they own, whatever its own wave is", async () => {
    const metadata = (widget("owned", "blue").metadata ?? {}) as JsonObject;
    const { asked } = await survey([widget("blue"), { apiVersion: "v1", kind: "ConfigMap", metadata }]);
    const owned = asked.find(({ type }) => type.kind === "ConfigMap");
    expect(owned && relate(asked).waveOf(owned)).toBe("custom");
  });
});
