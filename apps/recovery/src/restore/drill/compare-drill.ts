import { type CleanSettings, createCleaner } from "@kubeferry/clean";
import type { KubeWriter } from "@kubeferry/kube";
import { type Call, compareUtf8, type JsonObject, typeName } from "@kubeferry/model";
import type { ReadableObject, Snapshot } from "@kubeferry/snapshot";
import { pMapIterable } from "p-map";
import { createTypeSchemas } from "../../compare/schema/type-schemas.ts";
import { createOwnerLinks } from "../apply/linked-owners.ts";
import { objectName } from "../apply/steps.ts";
import { targetOf } from "../apply/target-of.ts";
import { createDesired } from "../desired/desired-object.ts";
import { finalObject } from "../desired/final-object.ts";
import { createMapping } from "../desired/mapping.ts";
import { isDefinitions } from "../plan/candidate.ts";
import { liveChanges } from "../plan/live-changes.ts";
import type { PlanEntry, RestorePlan } from "../restore-plan.ts";
import type { DrillDifference } from "./drill-report.ts";

/** What is compared. */
export interface DrillComparison {
  readonly plan: RestorePlan;
  readonly snapshot: Snapshot;
  readonly writer: KubeWriter;
  readonly clean: CleanSettings;
  /** Objects that were not written, as reports name them. */
  readonly failed: ReadonlySet<string>;
  readonly concurrency: number;
}

/**
 * Reads back what a drill has written, and compares each object with what it was meant to be; definitions are proven by
 * the objects of their types. One object's content is in memory at a time beside those in flight.
 * @returns what differs, in the order of names
 * @throws KubeError when the cluster does not answer
 */
export async function compareDrill(options: DrillComparison, call: Call): Promise<readonly DrillDifference[]> {
  const { plan, snapshot, writer, clean, failed, concurrency } = options;
  const cleaner = createCleaner(clean);
  const desired = createDesired({
    cleaner,
    mapping: createMapping(plan.settings),
    sameCluster: plan.target.uid === plan.source.uid,
    storageClasses: plan.settings.storageClasses,
  });
  const schemas = createTypeSchemas((await snapshot.api(call)).openapi);
  const links = createOwnerLinks(writer);

  async function compare([entry, captured]: readonly [PlanEntry, ReadableObject]): Promise<DrillDifference[]> {
    const object = objectName(entry.object);
    const made = desired(captured);
    if (made.verdict !== "wanted") return [];
    const live = await writer.read(targetOf(entry.object), call);
    if (live === undefined) return [{ object, missing: true, changes: [] }];
    const linked = await links.link(finalObject(made.object, entry), entry, call);
    const meant = "missing" in linked ? made.object : linked.object;
    const changes = differences(entry, meant, live, captured.wasSealed);
    return changes.length === 0 ? [] : [{ object, missing: false, changes }];
  }

  function differences({ object }: PlanEntry, meant: JsonObject, live: JsonObject, wasSealed: boolean) {
    return liveChanges({ planned: object, live: meant, result: live, wasSealed }, { cleaner, schemas });
  }

  const written = plan.entries.filter(
    ({ action, object }) => action === "create" && !isDefinitions(object) && !failed.has(objectName(object)),
  );
  const found: DrillDifference[] = [];
  const pairs = capturedOf(written, snapshot, call);
  for await (const some of pMapIterable(pairs, compare, { concurrency })) found.push(...some);
  return found.sort((left, right) => compareUtf8(left.object, right.object));
}

async function* capturedOf(
  entries: readonly PlanEntry[],
  snapshot: Snapshot,
  call: Call,
): AsyncIterable<readonly [PlanEntry, ReadableObject]> {
  const byKey = new Map(entries.map((entry) => [`${typeName(entry.object)}/${entry.from ?? ""}`, entry]));
  const types = new Set(entries.map(({ object }) => typeName(object)));
  for await (const captured of snapshot.objects((type) => types.has(typeName(type)), call)) {
    const entry = byKey.get(`${typeName(captured.type)}/${captured.key}`);
    if (entry !== undefined && captured.readable) yield [entry, captured];
  }
}
