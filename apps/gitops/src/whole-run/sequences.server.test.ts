import type { GitOpsReport, JsonObject } from "@kubeferry/model";
import { configMap, deployment, namespace } from "@kubeferry/test-fleet";
import { missingServers } from "@kubeferry/testbed";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

const BRANCH = "kubeferry/main";
const NAMES = ["dev", "prod"] as const;
const SOURCE = { destination: { server: "https://prod.example.com", cluster: "crc.testing/wrl62" } };
const OVERRIDES = { replicas: 9, namespace: "{namespace}-dev" };
/** How an environment may be configured; undefined: not at all. */
const FORMS = {
  plain: {},
  source: { ...SOURCE, ...OVERRIDES },
  elsewhere: { destination: { cluster: "crc.testing/elsewhere" } },
  overridden: { destination: { cluster: "crc.testing/elsewhere" }, replicas: 9 },
  mapped: { destination: { cluster: "crc.testing/elsewhere" }, ...OVERRIDES },
  none: undefined,
};
type Form = keyof typeof FORMS;

/** What happens before a run. */
interface Step {
  readonly environments: Readonly<Record<(typeof NAMES)[number], Form>>;
  readonly flat: boolean;
  /** Replicas of the Deployments in the cluster, by name; undefined: there is none of that name. */
  readonly cluster: Readonly<Record<string, number | undefined>>;
  /** A snapshot was taken of this cluster before it could no more be read, and no run saw it. */
  readonly unread: boolean;
}

const form = fc.constantFrom<Form>("plain", "source", "elsewhere", "overridden", "overridden", "mapped", "none");
const replicas = fc.constantFrom(2, 3, undefined);
const step: fc.Arbitrary<Step> = fc
  .record({
    environments: fc.record({ dev: form, prod: fc.constantFrom<Form>("plain", "plain", "overridden", "none") }),
    flat: fc.boolean(),
    cluster: fc.record({ a: replicas, b: replicas }),
    unread: fc.boolean(),
  })
  .filter(({ environments }) => Object.values(environments).some((each) => each !== "none"));

/** What an environment's folder builds, by name of the Deployment; undefined where it has no folder. */
type Builds = Readonly<Record<string, Readonly<Record<string, JsonObject>> | undefined>>;

const PEOPLES = { "namespaces/shop/dev/notes.txt": "ours\n", "namespaces/shop/base/patch-mine.yaml": "a: 1\n" };

describe.skipIf(missingServers("kustomize"))("any sequence of changes to cluster, view and configuration", () => {
  it("loses nothing that may still be there, and deploys nothing where it does not belong", {
    timeout: 300_000,
  }, async () => {
    const sequences = fc.array(step, { minLength: 7, maxLength: 7 });
    // One walk of seven runs takes long enough.
    await fc.assert(fc.asyncProperty(sequences, walk), {
      numRuns: 1,
      seed: 3,
      endOnFailure: true,
      unbiased: true,
    });
  });
});

async function walk(steps: readonly Step[]): Promise<void> {
  const fleet = await createFleet("folder");
  try {
    await fleet.edit("main", PEOPLES);
    const seen: Record<string, number> = {};
    let state = await stateOf(fleet);
    for (const each of inTurns(steps)) state = await take(each, fleet, state, seen);
  } finally {
    await fleet.close();
  }
}

/** Every other run sees all there is, the ones between lose sight of what was in Git, and the last proves it gone. */
function inTurns(steps: readonly Step[]): readonly Step[] {
  return steps.map((each, index) => {
    if (index === steps.length - 1) return { ...each, unread: false };
    if (index % 2 === 0) return { ...each, cluster: { a: 2, b: 3 }, unread: false };
    return { ...each, cluster: { ...each.cluster, a: undefined }, unread: true };
  });
}

/** What the base branch holds, and what its overlays build. */
interface State {
  readonly files: Readonly<Record<string, string>>;
  readonly builds: Builds;
}

async function stateOf(fleet: Fleet): Promise<State> {
  const files = await fleet.files("main");
  return { files, builds: await buildsOf(fleet, files) };
}

/** @param seen replicas of each Deployment as Git last got them from the cluster */
async function take(each: Step, fleet: Fleet, state: State, seen: Record<string, number>): Promise<State> {
  const before = state.builds;
  await fleet.snapshot(objectsOf(each));
  if (each.unread) await fleet.snapshot([namespace("shop")], { unread: ["deployments.apps"] });
  const report = await runAndMerge(each, fleet);
  const now = await stateOf(fleet);
  const { files, builds: after } = now;
  expect(files).toMatchObject(PEOPLES);
  if (report.frozen.length > 0) {
    expect(inShop(files), "a frozen folder").toEqual(inShop(state.files));
    expect(each.unread && lostNames(each, before).length > 0, "frozen for what is not known").toBe(true);
    return now;
  }
  for (const [name, count] of Object.entries(each.cluster)) if (count !== undefined) seen[name] = count;
  for (const name of NAMES) checkEnvironment(name, each, { before, after, seen });
  if (each.unread) for (const lost of lostNames(each, before)) checkKeptSomewhere(lost, each, before, after);
  expect(await runAndMerge(each, fleet), "the same again").toMatchObject({ commit: "", frozen: [] });
  return now;
}

function checkEnvironment(
  name: (typeof NAMES)[number],
  { environments, cluster, unread }: Step,
  { before, after, seen }: { readonly before: Builds; readonly after: Builds; readonly seen: Record<string, number> },
): void {
  const form = environments[name];
  const builds = after[name];
  if (form === "none") {
    expect(builds, `${name} is not configured`).toBeUndefined();
    return;
  }
  const isOverridden = form === "overridden" || form === "mapped";
  const inNamespace = form === "mapped" ? "shop-dev" : "shop";
  for (const [object, count] of Object.entries(cluster)) {
    const had = before[name]?.[object];
    const has = builds?.[object];
    const about = `${object} in ${name}`;
    if (has !== undefined) expect(has, about).toHaveProperty("metadata.namespace", inNamespace);
    if (count !== undefined) {
      expect(has, about).toHaveProperty("spec.replicas", isOverridden ? 9 : count);
    } else if (!unread) {
      expect(has, `${about}, which is gone`).toBeUndefined();
    } else if (isOverridden || form === "elsewhere") {
      expect(has, `${about}, of which nothing is known`).toEqual(had);
    } else if (has !== undefined || had !== undefined) {
      expect(has, `${about}, towards the source`).toHaveProperty("spec.replicas", seen[object]);
    }
  }
}

/** Deployments that Git has and the newest snapshot does not. */
function lostNames({ cluster }: Step, before: Builds): readonly string[] {
  return Object.keys(cluster).filter(
    (name) => cluster[name] === undefined && NAMES.some((each) => before[each]?.[name] !== undefined),
  );
}

function checkKeptSomewhere(lost: string, { environments }: Step, before: Builds, after: Builds): void {
  const isNew = NAMES.some((name) => environments[name] !== "none" && before[name] === undefined);
  const stays = NAMES.some((name) => environments[name] !== "none" && before[name]?.[lost] !== undefined);
  if (isNew || stays)
    expect(
      NAMES.some((name) => after[name]?.[lost] !== undefined),
      `${lost} is kept`,
    ).toBe(true);
}

function objectsOf({ cluster }: Step): readonly JsonObject[] {
  const deployments = Object.entries(cluster).map(([name, count]) =>
    count === undefined ? [] : [deployment(`shop/${name}`, count)],
  );
  return [namespace("shop"), configMap("shop/settings"), ...deployments.flat()];
}

async function runAndMerge({ environments, flat }: Step, fleet: Fleet): Promise<GitOpsReport> {
  const configured = NAMES.flatMap((name) => {
    const keys = FORMS[environments[name]];
    return keys === undefined ? [] : [[name, keys]];
  });
  const gitops = { flat, environments: Object.fromEntries(configured) };
  const report = await fleet.run({ gitops, allowRemovals: true });
  if (report.commit !== "") await fleet.merge(BRANCH);
  return report;
}

async function buildsOf(fleet: Fleet, files: Readonly<Record<string, string>>): Promise<Builds> {
  const builds: Record<string, Readonly<Record<string, JsonObject>>> = {};
  for (const name of NAMES) {
    const folder = `namespaces/shop/${name}`;
    if (files[`${folder}/kustomization.yaml`] === undefined) continue;
    const objects = Object.entries(await fleet.build("main", folder));
    const deployments = objects.filter(([title]) => title.startsWith("Deployment "));
    builds[name] = Object.fromEntries(
      deployments.map(([title, object]) => [title.slice("Deployment ".length), object]),
    );
  }
  return builds;
}

function inShop(files: Readonly<Record<string, string>>): readonly (readonly [string, string])[] {
  return Object.entries(files).filter(([path]) => path.startsWith("namespaces/shop/"));
}
