import { apiVersionOf, isJsonObject, type JsonObject, type JsonValue, type ResourceType } from "@kubeferry/model";
import { type FreshKubeApi, missingServers, servers } from "@kubeferry/testbed";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createTable, type Table, type TableOptions } from "./create-table.ts";
import { widgetDefinition, widgets } from "./testing/custom-objects.ts";
import { plantedObjects } from "./testing/planted-objects.ts";
import { listedTypes, type RealTable, realTable } from "./testing/real-tables.ts";

/** How long ago the planted objects were made, in seconds: one for each way in which an age is written. */
const AGES = [20, 125, 340, 1500, 15_000, 100_000, 400_000, 9_000_000, 70_000_000, 110_000_000, 400_000_000];

/** Cells that differ from the API server's, and why. */
const DIFFERENT: readonly { readonly type: string; readonly column: string; readonly why: string }[] = [
  {
    type: "autoscaling/v1 HorizontalPodAutoscaler",
    column: "Targets",
    why: "version 1 keeps all metrics but one in an annotation; a backup reads version 2 wherever it is served",
  },
];

describe.skipIf(missingServers("kube-apiserver"))("a table is the one that the API server answers with", () => {
  let kube: FreshKubeApi;
  let types: readonly ResourceType[];

  beforeAll(async () => {
    kube = await servers.freshKubeApi({ args: ["--runtime-config=api/all=true"] });
    await kube.apply(widgetDefinition);
    const planted = [...plantedObjects, ...widgets];
    await kube.plant(planted.map(({ path, object }, index) => ({ path, object: born(object, index) })));
    types = await listedTypes(kube);
  }, 120_000);
  afterAll(() => kube?.stop());

  it("has the columns of every type that is served", { timeout: 60_000 }, async () => {
    const theirs: string[] = [];
    const ours: string[] = [];
    for (const type of types) {
      theirs.push(headings(type, (await realTable(kube, type, "None")).columnDefinitions));
      ours.push(headings(type, table(type).columnDefinitions));
    }
    expect(ours).toEqual(theirs);
  });

  it("shows every object as the API server does, cell by cell", { timeout: 60_000 }, async () => {
    const wrong: JsonObject[] = [];
    const shown = new Set<string>();
    for (const type of types) {
      const theirs = await realTable(kube, type, "Object");
      wrong.push(...theirs.rows.flatMap((row) => differences(type, theirs, row)));
      if (theirs.rows.length > 0) shown.add(type.kind);
    }
    expect(wrong).toEqual([]);
    expect(types.map(({ kind }) => kind).filter((kind) => !shown.has(kind))).toEqual([]);
  });

  it.each(["None", "Metadata", "Object"] as const)("carries of each object what is asked for: %s", async (part) => {
    const pods = types.filter(({ kind }) => kind === "Pod");
    for (const type of pods) {
      const objects = (await realTable(kube, type, "Object")).rows.map(objectOf);
      const theirs = (await realTable(kube, type, part)).rows.map(({ object }) => object);
      expect(objects.map((object) => table(type, { includeObject: part }).rowOf(object).object)).toEqual(theirs);
    }
  });
});

function table(type: ResourceType, options: Partial<TableOptions> = {}): Table {
  const crd = type.group === "a.example" ? widgetDefinition : undefined;
  return createTable(type, { now: new Date(), includeObject: "None", crd, ...options });
}

/** The object as etcd has it, made a while ago. */
function born(object: JsonObject, index: number): JsonObject {
  const made = new Date(Date.now() - (AGES[index % AGES.length] ?? 0) * 1000);
  const uid = `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`;
  const metadata = isJsonObject(object.metadata) ? object.metadata : {};
  return { ...object, metadata: { ...metadata, uid, creationTimestamp: `${made.toISOString().slice(0, 19)}Z` } };
}

/** What decides how kubectl shows the columns; it does not show what the API server says of each in words. */
function headings(type: ResourceType, columns: readonly JsonObject[]): string {
  const shown = columns.map(({ name, type, format, priority }) => `${name} (${type}, "${format}", ${priority})`);
  return `${apiVersionOf(type)} ${type.kind}: ${shown.join(", ")}`;
}

function differences(type: ResourceType, theirs: RealTable, row: JsonObject): JsonObject[] {
  const object = objectOf(row);
  const ours = theirs.moments.map((now) => table(type, { now }).rowOf(object));
  const name = `${apiVersionOf(type)} ${type.kind}`;
  const cells = theirs.columnDefinitions.flatMap((column, index) => {
    const cell = cellsOf(row)[index] ?? null;
    const candidates = ours.map((our) => cellsOf(our)[index] ?? null);
    const isKnown = DIFFERENT.some((each) => each.type === name && each.column === column.name);
    return isKnown || candidates.includes(cell) ? [] : [{ type: name, column, cell, candidates, object }];
  });
  const conditions = [row.conditions ?? null, ours[0]?.conditions ?? null];
  return JSON.stringify(conditions[0]) === JSON.stringify(conditions[1]) ? cells : [...cells, { name, conditions }];
}

function cellsOf(row: JsonObject): JsonValue[] {
  return Array.isArray(row.cells) ? row.cells : [];
}

function objectOf(row: JsonObject): JsonObject {
  return isJsonObject(row.object) ? row.object : {};
}
