import type { JsonObject, JsonValue } from "@kubeferry/model";
import fc from "fast-check";
import type { LaidOutEnvironment } from "../../folders/folder-layout.ts";
import {
  chooser,
  crossed,
  free,
  KINDS,
  type Kind,
  NAMES,
  objectOf,
  podSpec,
  some,
  workload,
} from "../../patch/testing/objects.ts";

/** What the environments of a folder are to have of one object. */
export interface FolderObject {
  /** By source: "a"; none for one that does not have it. */
  readonly versions: ReadonlyMap<string, JsonObject>;
  /** By environment, where it is to have something else than its source. */
  readonly variants: ReadonlyMap<string, JsonObject>;
  readonly leftOutOf: ReadonlySet<string>;
}

/** Environments, and the objects that they are to have. */
export interface DrawnFolder {
  readonly environments: readonly LaidOutEnvironment[];
  readonly objects: readonly FolderObject[];
}

const SOURCES = ["a", "b", "c", "d"];
const ENVIRONMENTS = ["dev", "test", "preprod", "prod"];

/** Custom resources in which images may be anywhere, also where a build stops at them. */
const pipeline = some({
  spec: some({
    steps: fc.array(some({ initContainers: fc.array(podSpec, { maxLength: 1 }), containers: containers() }), {
      maxLength: 2,
    }),
    containers: containers(),
    template: fc.oneof({ weight: 8, arbitrary: some({ spec: podSpec }) }, { weight: 1, arbitrary: free }),
    volumes: fc.constantFrom<JsonValue>([], [{ name: "v", image: { reference: "registry.io/app-3:1" } }]),
  }),
});
/** What now and then stops `images`. */
const strange = some({
  spec: fc.constantFrom<JsonValue>(
    "text",
    { template: "small" },
    { template: { spec: { volumes: null, containers: null } } },
    { deep: [{ containers: ["a"] }] },
    { containers: { image: "registry.io/app-1:1" } },
    { list: [{ initContainers: [{ image: { name: "registry.io/app-1" } }] }] },
    { containers: [{ image: true }] },
  ),
});

/** Beside all kinds under all names: those whose replicas and images no other object disturbs, and those that do. */
const ALL: readonly (Kind & { readonly names: readonly string[] })[] = [
  ...KINDS.map((kind) => ({ ...kind, names: NAMES })),
  { type: ["apps/v1", "Deployment"], body: some({ spec: workload }), names: numbered("own", 8) },
  { type: ["apps/v1", "StatefulSet"], body: some({ spec: workload }), names: numbered("set", 3) },
  { type: ["v1", "ReplicationController"], body: some({ spec: workload }), names: ["rc", "web"] },
  { type: ["example.com/v1", "Deployment"], body: some({ spec: workload }), names: ["web", "own-1", "foreign"] },
  { type: ["example.com/v1", "Pipeline"], body: pipeline, names: numbered("p", 4) },
  {
    type: ["example.com/v1", "Strange"],
    body: fc.oneof({ weight: 5, arbitrary: fc.constant({}) }, strange),
    names: ["s"],
  },
  {
    type: ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
    body: some({ spec: some({ versions: fc.array(some({ default: podSpec }), { maxLength: 1 }) }) }),
    names: ["widgets.example.com"],
  },
];

/** What a source does to all its objects: another registry or tag, more replicas. */
interface Manner {
  readonly images: readonly (readonly [from: string, to: string])[];
  readonly replicas: number;
}

const manner: fc.Arbitrary<Manner> = fc.record({
  images: fc.constantFrom(
    [],
    numbers(24).map((n) => [`registry.io/app-${n}:1`, `registry.io/app-${n}:2`] as const),
    numbers(24).map((n) => [`registry.io/app-${n}:1`, `mirror.io:5000/app-${n}:1`] as const),
    numbers(24).map((n) => [`registry.io/app-${n}:1`, `registry.io/app-${n}@sha256:ab`] as const),
    numbers(24).map((n) => [`registry.io/app-${n}:1`, `registry.io/app-${(n + 1) % 24}:1`] as const),
  ),
  replicas: fc.constantFrom(0, 0, 2),
});

/** 0 to 3 are changes. */
const choices = fc.oneof(
  { weight: 6, arbitrary: fc.constant([5]) },
  { weight: 6, arbitrary: choicesOf(fc.oneof({ weight: 12, arbitrary: fc.constantFrom(4, 5) }, fc.nat(3))) },
  { weight: 1, arbitrary: choicesOf(fc.nat(5)) },
);

const environments: fc.Arbitrary<readonly LaidOutEnvironment[]> = fc
  .tuple(
    fc.constantFrom("abcd", "abcd", "abcd", "abc", "aabc", "abab", "aaaa", "ab", "a"),
    fc.array(fc.nat(9), { minLength: 4, maxLength: 4 }),
  )
  .map(([sources, standalone]) =>
    [...sources].map((source, index) => ({
      name: ENVIRONMENTS[index] ?? "",
      source,
      standalone: standalone[index] === 0,
    })),
  );

/**
 * A namespace of any objects in one to four environments from one to four clusters, of which most agree in most.
 * @param every 1 for all of the 130 objects that there may be, 5 for every fifth
 */
export function foldersOf(every: number): fc.Arbitrary<DrawnFolder> {
  const all = ALL.flatMap((kind) => kind.names.map((name) => drawnObject(kind, name)));
  return fc
    .record({
      environments,
      manners: fc.array(manner, { minLength: 4, maxLength: 4 }),
      objects: fc.tuple(...all.filter((_, index) => index % every === 0)),
    })
    .map(({ environments: drawn, manners, objects }) => ({
      environments: drawn,
      objects: objects.map((each) => folderObject(each, drawn, manners)),
    }));
}

function drawnObject({ type, body }: Kind, name: string) {
  const object = objectOf(type, name, body);
  const mostly = (weight: number) =>
    fc.array(
      fc.nat(weight).map((drawn) => drawn > 0),
      { minLength: 4, maxLength: 4 },
    );
  return fc.record({
    one: object,
    other: object,
    choices: fc.array(choices, { minLength: 4, maxLength: 4 }),
    isThere: mostly(25),
    hasManner: mostly(12),
    isVariant: mostly(12),
    isKept: mostly(40),
    variant: choices,
  });
}

function folderObject(
  drawn: ReturnType<typeof drawnObject> extends fc.Arbitrary<infer Drawn> ? Drawn : never,
  all: readonly LaidOutEnvironment[],
  manners: readonly Manner[],
): FolderObject {
  const { one, other, isThere, hasManner } = drawn;
  const versions = new Map<string, JsonObject>();
  for (const [index, source] of SOURCES.entries()) {
    const crossing = crossed(one, other, chooser(drawn.choices[index] ?? [5])) as JsonObject;
    const own = manners[index];
    if (isThere[index] === true)
      versions.set(source, own && hasManner[index] === true ? mannered(crossing, own) : crossing);
  }
  const variant = crossed(one, other, chooser(drawn.variant)) as JsonObject;
  const varying = all.filter(({ source }, index) => versions.has(source) && drawn.isVariant[index] === false);
  const leaving = all.filter(({ source }, index) => versions.has(source) && drawn.isKept[index] === false);
  return {
    versions,
    variants: new Map(varying.map(({ name }) => [name, variant])),
    leftOutOf: new Set(leaving.map(({ name }) => name)),
  };
}

function mannered(object: JsonObject, { images, replicas }: Manner): JsonObject {
  const renamed = withImages(object, new Map(images)) as JsonObject;
  const { spec } = renamed;
  if (typeof spec !== "object" || spec === null || Array.isArray(spec) || typeof spec.replicas !== "number")
    return renamed;
  return { ...renamed, spec: { ...spec, replicas: spec.replicas + replicas } };
}

function withImages(value: JsonValue, images: ReadonlyMap<string, string>): JsonValue {
  if (typeof value === "string") return images.get(value) ?? value;
  if (Array.isArray(value)) return value.map((each) => withImages(each, images));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withImages(inner, images)]));
}

function containers(): fc.Arbitrary<JsonValue> {
  const image = fc.constantFrom("registry.io/app-1:1", "registry.io/app-2:1", "nginx:1.29");
  return fc.array(some({ name: fc.constantFrom("x", "y"), image }), { maxLength: 2 });
}

function choicesOf(choice: fc.Arbitrary<number>): fc.Arbitrary<number[]> {
  return fc.array(choice, { minLength: 1, maxLength: 40 });
}

function numbered(name: string, count: number): string[] {
  return numbers(count).map((n) => `${name}-${n}`);
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
