import { Buffer } from "node:buffer";
import type { ResourceType } from "@kubeferry/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import { diffSnapshots } from "./diff/diff-snapshots.ts";
import { openSeries } from "./series.ts";
import type { CapturedObject } from "./snapshots.ts";
import { configMaps, deployments, object, secrets, viewOf } from "./testing/cluster.ts";
import { contentOf, type FoundType, mirror, mirrorFiles, takeSnapshot } from "./testing/runs.ts";
import { call, describeOnStores } from "./testing/stores.ts";
import { verifySnapshot } from "./verify/verify-snapshot.ts";

const TYPES: readonly ResourceType[] = [configMaps, deployments, secrets];
const NAMES = [
  "a",
  "b",
  "team",
  "team-1",
  "team.x",
  "Team",
  "yes",
  "system:x",
  "\ue000",
  "\u{10000}",
  "kube-root-ca.crt",
];

interface Spec {
  readonly type: ResourceType;
  readonly namespace: string;
  readonly name: string;
  readonly version: number;
  readonly sizeBytes: number;
}

/** One object: where it is, its version, and how large it is (so that segments get cut). */
const spec: fc.Arbitrary<Spec> = fc.record({
  type: fc.constantFrom(...TYPES),
  namespace: fc.constantFrom("shop", "shop-1", "team"),
  name: fc.constantFrom(...NAMES),
  version: fc.integer({ min: 1, max: 3 }),
  sizeBytes: fc.constantFrom(10, 10, 10, 10, 400_000),
});
const objectSet = fc.uniqueArray(spec, {
  selector: ({ type, namespace, name }) => `${type.resource} ${namespace}/${name}`,
  maxLength: 25,
});

function objectOf({ type, namespace, name, version, sizeBytes }: Spec): CapturedObject {
  return object(type, `${namespace}/${name}`, String(version), `${version}`.repeat(sizeBytes));
}

function found(specs: readonly Spec[]): FoundType[] {
  return TYPES.map((type) => ({ type, objects: specs.filter((one) => one.type === type).map(objectOf) }));
}

function expectedContent(specs: readonly Spec[]): Record<string, string> {
  return Object.fromEntries(
    specs.map((one) => [`${one.type.resource} ${one.namespace}/${one.name}`, objectOf(one).line.toString("utf8")]),
  );
}

function expectedMirror(specs: readonly Spec[], view: ReturnType<typeof viewOf>): Record<string, string> {
  const files = specs.map((one) => {
    const made = objectOf(one);
    return [view.keys.of(one.type, made.key), view.render(one.type, made)] as const;
  });
  return Object.fromEntries(
    files.flatMap(([key, file]) => (file === undefined ? [] : [[key, Buffer.from(file).toString("latin1")]])),
  );
}

function expectedChanges(older: readonly Spec[], newer: readonly Spec[]): string[] {
  const before = expectedContent(older);
  const after = expectedContent(newer);
  const versions = (specs: readonly Spec[]) =>
    new Map(specs.map((one) => [`${one.type.resource} ${one.namespace}/${one.name}`, one.version]));
  const [versionBefore, versionAfter] = [versions(older), versions(newer)];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .flatMap((name) => {
      if (!(name in before)) return [`added ${name}`];
      if (!(name in after)) return [`removed ${name}`];
      return versionBefore.get(name) === versionAfter.get(name) ? [] : [`changed ${name}`];
    })
    .sort();
}

describeOnStores(["folder", "minio"], (fresh, name) => {
  it("any row of runs reads back what each of them found, says what changed, and shows it in the mirror", async () => {
    await fc.assert(
      // An object's body follows from its version, as on a real server; its size must then follow, too.
      fc.asyncProperty(fc.array(objectSet, { minLength: 1, maxLength: 4 }), async (drawn) => {
        const sizes = new Map<string, number>();
        const sets = drawn.map((set) =>
          set.map((one) => {
            const name = `${one.type.resource} ${one.namespace}/${one.name} ${one.version}`;
            sizes.set(name, sizes.get(name) ?? one.sizeBytes);
            return { ...one, sizeBytes: sizes.get(name) ?? one.sizeBytes };
          }),
        );
        const store = fresh();
        const view = viewOf("view-1", { secrets: true });
        let older: readonly Spec[] = [];
        for (const set of sets) {
          const parent = await openSeries(store, "default").newest(call);
          const taken = await takeSnapshot(store, found(set), { view, secrets: "plain" });
          expect(await contentOf(taken)).toEqual(expectedContent(set));
          const changes: string[] = [];
          for await (const { change, type, key } of diffSnapshots(parent, taken, call))
            changes.push(`${change} ${type.resource} ${key}`);
          expect(changes.sort()).toEqual(expectedChanges(older, set));
          await mirror(store, { view });
          expect(await mirrorFiles(store)).toEqual(expectedMirror(set, view));
          expect(await verifySnapshot(taken, store, call, { mirror: view })).toEqual({
            ok: true,
            problems: [],
            objects: set.length,
            sealed: 0,
            parent: parent === undefined ? "first" : "matches",
          });
          older = set;
        }
      }),
      { numRuns: name === "folder" ? 20 : 6 },
    );
  });
});
