import { z } from "zod";
import { type ClusterRef, clusterReference } from "./cluster.ts";
import { type ClusterOnly, type DestinationConfig, deploymentKeys, destinations, syncWindows } from "./deployment.ts";
import { overrideKeys } from "./overrides.ts";
import { asPartial, EVEN_WHEN_INVALID, emptySection, textLike } from "./values.ts";

const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const LABEL_EXPECTED = "up to 63 lower-case letters, digits and '-', beginning and ending with a letter or digit";
const GLOB = /^[a-z0-9*?-]+$/;

const environment = z
  .preprocess(
    emptySection,
    z
      .strictObject({
        extends: textLike(LABEL, LABEL_EXPECTED, {
          description: "Another environment whose keys count where this one does not say otherwise.",
        }).exactOptional(),
        cluster: clusterReference(
          "Whose snapshots the environment is made from, as `<domain>/<name>`. Left out: the cluster above.",
        ).exactOptional(),
        at: textLike(
          /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/,
          'a time such as "2026-03-01T06:00:00Z"',
          {
            description: "The newest snapshot that was finished by then, instead of the newest one.",
          },
        ).exactOptional(),
        ...deploymentKeys,
        destinations: destinations.exactOptional(),
        syncWindows: syncWindows.exactOptional(),
        ...overrideKeys,
      })
      .superRefine((value, context) => {
        const { destination, destinations: several } = asPartial(value);
        if (destination === undefined || several === undefined) return;
        context.addIssue({
          code: "custom",
          path: ["destinations"],
          message: "expected either destination or destinations",
        });
      }, EVEN_WHEN_INVALID),
  )
  .meta({
    description: "One environment, by the name of its folders. Written without anything, it takes the defaults.",
  });

const environmentName = z
  .string()
  .regex(LABEL, `expected ${LABEL_EXPECTED}`)
  .refine((name) => name !== "base", {
    message: 'expected another name: "base" is the folder that environments build on',
  });

/** `gitops.environments`, each with what it extends written into it. */
export const environments = z
  .preprocess(emptySection, z.record(environmentName, environment))
  .refine((all) => Object.keys(all).length > 0, { message: "expected at least one environment, or leave the key out" })
  .superRefine((all, context) => {
    for (const [path, message] of problemsOf(all)) context.addIssue({ code: "custom", path: [...path], message });
  })
  .prefault({ dev: {}, test: {}, preprod: {}, prod: {} })
  .meta({ description: "The environments, each with its overlay. Left out: dev, test, preprod and prod." });

/** What the keys of one environment say, what it extends not written in. */
type WrittenEnvironment = z.output<typeof environment>;

type Written = Readonly<Record<string, WrittenEnvironment>>;

/** An environment's keys and those of all that it extends, nearest first; a circle ends where it begins. */
export function chainOf<Keys extends { readonly extends?: string }>(
  name: string,
  all: Readonly<Record<string, Keys>>,
): readonly (readonly [string, Keys])[] {
  const chain: [string, Keys][] = [];
  for (let at: string | undefined = name; at !== undefined; at = all[at]?.extends) {
    const found = all[at];
    if (found === undefined || chain.some(([known]) => known === at)) break;
    chain.push([at, found]);
  }
  return chain;
}

/** The value of a key that is one value: the nearest of the chain. */
function nearest<Key extends keyof WrittenEnvironment>(name: string, key: Key, all: Written): WrittenEnvironment[Key] {
  return chainOf(name, all).find(([, each]) => each[key] !== undefined)?.[1][key] as WrittenEnvironment[Key];
}

const NO_APPLICATION = "does nothing without destination: no Application is written; add one or drop autoSync";

type Problem = readonly [path: readonly string[], message: string];

function* problemsOf(all: Written): Generator<Problem> {
  for (const name of Object.keys(all)) {
    yield* problemsOfExtending(name, all);
    yield* problemsOfSyncing(name, all);
  }
  for (const [name, other] of sharedDestinations(all)) {
    const message = `deploys to the same place as ${other}: Argo CD would let both fight over the same objects`;
    yield [[name, all[name]?.destinations === undefined ? "destination" : "destinations"], message];
  }
}

function* problemsOfExtending(name: string, all: Written): Generator<Problem> {
  const base = all[name]?.extends;
  if (base === undefined) return;
  if (all[base] === undefined) yield [[name, "extends"], `there is no environment ${base}`];
  const last = chainOf(name, all).at(-1)?.[1].extends;
  if (last !== undefined && all[last] !== undefined) yield [[name, "extends"], "goes round in a circle"];
}

function* problemsOfSyncing(name: string, all: Written): Generator<Problem> {
  const own = all[name];
  const deployed = placesIn(name, all).length > 0;
  if (own?.autoSync === true && !deployed) {
    yield [[name, "autoSync"], NO_APPLICATION];
  }
  if (own?.syncWindows !== undefined && !deployed) {
    yield [
      [name, "syncWindows"],
      "does nothing without destination: no Application is written; add one or drop syncWindows",
    ];
  }
  for (const key of ["prune", "selfHeal"] as const) {
    if (own?.[key] !== true || nearest(name, "autoSync", all) === true) continue;
    yield [[name, key], "does nothing without autoSync: true, with which Argo CD syncs by itself"];
  }
}

/** Every address that an environment is deployed to. */
function placesIn(name: string, all: Written): readonly DestinationConfig[] {
  // The nearest of both keys counts: one place replaces several, and the other way round.
  const found = chainOf(name, all).find(([, each]) => each.destination ?? each.destinations)?.[1];
  const places = found?.destinations === undefined ? [found?.destination] : Object.values(found.destinations);
  return places.filter(isAddress);
}

function isAddress(place: DestinationConfig | ClusterOnly | undefined): place is DestinationConfig {
  return place !== undefined && ("server" in place || "name" in place);
}

// Two sources may share a destination when their namespaces differ, which only a run can see.
function* sharedDestinations(all: Written): Generator<readonly [string, string]> {
  const seen = new Map<string, string>();
  for (const name of Object.keys(all)) {
    const source: ClusterRef | undefined = nearest(name, "cluster", all);
    const renamed = nearest(name, "namespace", all) ?? "{namespace}";
    for (const place of placesIn(name, all)) {
      const { cluster: _, ...address } = place;
      const key = JSON.stringify([source ?? null, renamed, address]);
      const other = seen.get(key);
      if (other !== undefined) yield [name, other];
      seen.set(key, other ?? name);
    }
  }
}

const scopedEnvironment = z.preprocess(
  emptySection,
  z.strictObject({ ...deploymentKeys, ...overrideKeys }).meta({
    description: "What counts for these namespaces in these environments, before what the environment itself says.",
  }),
);

/**
 * What is wrong with overrides beside the environments that they speak of.
 * @returns paths from the section `overrides` on
 */
export function* overrideProblems(
  overrides: z.output<typeof overridesSection>,
  all: Written,
): Generator<readonly [path: readonly string[], message: string]> {
  const names = Object.keys(all);
  const anywhere = Object.values(overrides).some((each) =>
    Object.values(each).some(({ destination: to }) => isAddress(to)),
  );
  for (const [namespace, byEnvironment] of Object.entries(overrides)) {
    for (const [glob, { autoSync }] of Object.entries(byEnvironment)) {
      const fitting = names.filter((name) => fits(name, glob));
      if (fitting.length === 0) yield [[namespace, glob], `fits no environment; there are ${names.join(", ")}`];
      if (autoSync !== true || anywhere || fitting.some((name) => placesIn(name, all).length > 0)) continue;
      yield [[namespace, glob, "autoSync"], NO_APPLICATION];
    }
  }
}

function fits(name: string, glob: string): boolean {
  return new RegExp(`^${glob.replaceAll("*", ".*").replaceAll("?", ".")}$`).test(name);
}

/** `gitops.overrides`: by namespace (or glob), then by environment (or glob). */
export const overridesSection = z
  .record(
    z.string().regex(GLOB, 'expected the name of a namespace, or a glob with * and ?, such as "team-*"'),
    z.preprocess(
      emptySection,
      z
        .record(
          z.string().regex(GLOB, 'expected the name of an environment, or a glob with * and ?, such as "prod-*"'),
          scopedEnvironment,
        )
        .meta({ description: "One namespace, or all that a glob fits." }),
    ),
  )
  .prefault({})
  .meta({
    description:
      "What single namespaces do differently, by namespace and environment, both of which may be globs. A name counts before a glob, a later glob before an earlier one. `namespaces` written as a section says both at once.",
  });
