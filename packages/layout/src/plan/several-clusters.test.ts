import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equalJson } from "@kubeferry/clean";
import { at, type JsonObject } from "@kubeferry/model";
import fc from "fast-check";
import { expect, it } from "vitest";
import type { FolderEffects } from "../effects/folder-effects.ts";
import {
  type Builds,
  buildsOf,
  CLUSTERS,
  type Cluster,
  type Configured,
  type Files,
  madeFor,
  NAMES,
  OVERRIDDEN,
  objectOf,
  ownershipOf,
  REFS,
  run,
  type Step,
  uidOf,
} from "./testing/several-clusters.ts";

const form = fc.record({
  image: fc.constantFrom(1, 1, 2),
  replicas: fc.constantFrom(1, 1, 2, 5),
  level: fc.constantFrom("info", "info", "debug"),
  sidecar: fc.boolean(),
});
const present = fc.option(form, { nil: undefined, freq: 6 });
const state = fc.record({
  objects: fc.record({ web: form, api: present, settings: form, blue: present }),
  unread: fc.constantFrom(false, false, true),
});
const configured = fc
  .tuple(
    fc.shuffledSubarray([...CLUSTERS, "a2"], { minLength: 2 }),
    fc.array(fc.constantFrom(false, false, true), { minLength: 4, maxLength: 4 }),
  )
  .map(([names, elsewhere]) =>
    names.map((name, index) => ({
      name: `env-${name}`,
      source: name.slice(0, 1) as Cluster,
      elsewhere: elsewhere[index] === true,
    })),
  );
const steps = fc.array(fc.record({ clusters: fc.record({ a: state, b: state, c: state }), environments: configured }), {
  minLength: 2,
  maxLength: 5,
});

it("every overlay builds what its cluster has, or, of what nobody read, what it built before", {
  timeout: 60_000,
}, async () => {
  await fc.assert(fc.asyncProperty(steps, walk), { numRuns: process.env.SOAK === "1" ? 2_000 : 10 });
});

async function walk(all: readonly Step[]): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), "kubeferry-clusters-"));
  let git: Files = new Map();
  for (const [index, each] of all.entries()) {
    // The first run reads everything: before it Git has nothing to keep.
    const step = index === 0 ? readable(each) : each;
    const before = await buildsOf(git);
    const next = await run(step, git, place);
    if (next === undefined) {
      expect(mayFreeze(step, git), "frozen for no reason").toBe(true);
      continue;
    }
    const origins = ownershipOf(git)?.environments ?? {};
    git = next.files;
    const after = await buildsOf(git);
    for (const one of step.environments) check(one, step, { before, after, isNew: origins[one.name] === undefined });
    for (const { name } of step.environments) checkSaid(next.effects, name, before, after);
    expect((await run(step, git, place))?.files, "the same again").toEqual(git);
  }
  await rm(place, { recursive: true, force: true });
}

/** What is said to change is what is built otherwise, no more and no less. */
function checkSaid({ environments }: FolderEffects, name: string, before: Builds, after: Builds): void {
  const said = environments.get(name);
  const [had, has] = [before[name] ?? {}, after[name] ?? {}];
  const names = (which: "added" | "changed" | "removed") => (said?.[which] ?? []).map((ref) => ref.name).sort();
  const both = Object.keys(had).filter((object) => has[object] !== undefined);
  expect(names("changed"), `said of ${name}`).toEqual(
    both.filter((object) => !equalJson(had[object] ?? null, has[object] ?? null)).sort(),
  );
  expect(names("added"), `said of ${name}`).toEqual(
    Object.keys(has)
      .filter((object) => had[object] === undefined)
      .sort(),
  );
  expect(names("removed"), `said of ${name}`).toEqual(
    Object.keys(had)
      .filter((object) => has[object] === undefined)
      .sort(),
  );
}

function readable({ clusters, environments }: Step): Step {
  const read = CLUSTERS.map((cluster) => [cluster, { ...clusters[cluster], unread: false }] as const);
  return { clusters: Object.fromEntries(read) as Step["clusters"], environments };
}

/** Why a folder may be left as it is: what it is to hold of what nobody read is in no overlay of its source. */
function mayFreeze({ clusters, environments }: Step, git: Files): boolean {
  const origins = ownershipOf(git)?.environments ?? {};
  const isUnknown = ({ name, source, elsewhere }: Configured) =>
    clusters[source].unread && (origins[name] === undefined || (!elsewhere && origins[name]?.elsewhere === true));
  const isKnown = Object.values(origins).some(({ uid }) => environments.some(({ source }) => uid === uidOf(source)));
  return !isKnown || environments.some(isUnknown);
}

function check(
  { name, source, elsewhere }: Configured,
  { clusters }: Step,
  { before, after, isNew }: { readonly before: Builds; readonly after: Builds; readonly isNew: boolean },
): void {
  for (const object of NAMES) {
    const has = after[name]?.[object];
    const had = before[name]?.[object];
    const about = `${object} in ${name}`;
    const { unread, objects } = clusters[source];
    if (!unread || !REFS[object].resource.startsWith("deployments")) {
      const live = objects[object];
      expect(has, about).toEqual(live === undefined ? undefined : madeFor(elsewhere, objectOf(object, live)));
      continue;
    }
    // Towards the source cluster goes only what some overlay says that it had.
    if (!elsewhere) expect(replicasOf(has), about).not.toBe(OVERRIDDEN);
    if (isNew && elsewhere) expect(has, `${about}, which is new`).toBeUndefined();
    const isTakenBack = !elsewhere && replicasOf(had) === OVERRIDDEN;
    if (!isNew && !isTakenBack) expect(has, `${about}, which nobody read`).toEqual(had);
  }
}

function replicasOf(object: JsonObject | undefined) {
  return at(object, "spec", "replicas");
}
