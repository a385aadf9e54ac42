import type { JsonObject, JsonValue } from "@kubeferry/model";
import fc from "fast-check";

/** Texts that YAML, JSON Pointers, regular expressions and Go could misread. */
const text: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("", "a", "yes", "null", "~", "1e3", "0777", "a/b", "a~1b", "<&>", "😀", "$patch", "x: y", "- z", "#"),
  fc.string({ maxLength: 12, unit: "grapheme-ascii" }),
  fc.string({ maxLength: 6, unit: "grapheme" }).filter((each) => !/[\x7f-\x9f\u2028\u2029\ufffe\uffff]/.test(each)),
);

const key: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("a", "b", "c", "a/b", "m~n", "x.y", "0", "-", "", "true", "1e3", "name", "ports", "kind", "$patch"),
  fc.string({ maxLength: 6, unit: "grapheme-ascii" }),
);

const number = fc.oneof(
  fc.integer(),
  fc.maxSafeInteger(),
  // Larger integers are bigints.
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((each) => !Object.is(each, -0) && (!Number.isInteger(each) || Number.isSafeInteger(each))),
  fc.constantFrom(0, 1.5, 1e21, 1e-7),
);

/** Any JSON, as custom resources hold it. */
const json: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    text,
    number,
    fc.boolean(),
    fc.constantFrom<JsonValue>(null, {}, []),
    fc.nat(40).map((each) => (each === 0 ? 2n ** 53n + 1n : each)),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { maxKeys: 5 }),
  ),
})).value;

/** A map of anything. */
export const free = fc.dictionary(key, json, { maxKeys: 6 });
const strings = fc.dictionary(
  fc.constantFrom("app", "team", "example.com/a~b", "tier", "x.y/z"),
  text.filter((each) => each !== ""),
);

/** A map with some of these fields. */
export function some(record: Readonly<Record<string, fc.Arbitrary<JsonValue>>>): fc.Arbitrary<JsonObject> {
  return fc.record(record, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

function named(fields: JsonObject, name: string, keyName = "name"): JsonObject {
  return { ...fields, [keyName]: name };
}

/** Lists of maps with a key: mostly told apart by it, as a server demands, sometimes twice the same. */
function keyed(
  names: readonly string[],
  fields: fc.Arbitrary<JsonObject>,
  keyName = "name",
): fc.Arbitrary<JsonObject[]> {
  const element = fc.tuple(fields, fc.constantFrom(...names)).map(([each, name]) => named(each, name, keyName));
  const distinct = fc.uniqueArray(element, { maxLength: 4, selector: (each) => each[keyName] });
  return fc.oneof({ weight: 12, arbitrary: distinct }, { weight: 1, arbitrary: fc.array(element, { maxLength: 4 }) });
}

const env = keyed(
  ["A", "B", "C", "D.x"],
  fc.oneof(
    some({ value: text }),
    fc.record({ valueFrom: fc.record({ configMapKeyRef: fc.record({ name: text, key: text }) }) }),
  ) as fc.Arbitrary<JsonObject>,
);
const quantities = some({ cpu: fc.constantFrom("1", "250m"), memory: fc.constantFrom("64Mi", "1Gi") });
const ports = keyed(
  ["http", "dns", "dns-tcp"],
  fc.record(
    { containerPort: fc.constantFrom(53, 80, 8080), protocol: fc.constantFrom("TCP", "UDP") },
    { requiredKeys: ["containerPort"] },
  ) as fc.Arbitrary<JsonObject>,
);
/** Images of registries with ports, with digests, of which one is a regular expression for another, and rarer ones. */
const IMAGES = [
  ...["nginx:1.29", "nginx:1.30", "nginx", "r.example.com/a@sha256:00", "r.example.com/a:1", "rxexample.com/a:1"],
  ...["r:5000/team/web:1", "r:5000/team/web:1@sha256:ab", "null", "${IMAGE}"],
  ...Array.from({ length: 24 }, (_, index) => `registry.io/app-${index}:1`),
];
const container = some({
  image: fc.constantFrom(...IMAGES),
  command: fc.array(text, { maxLength: 3 }),
  env,
  ports,
  resources: some({ requests: quantities, limits: quantities }),
  volumeMounts: keyed(["/a", "/b", "/c"], fc.record({ name: fc.constantFrom("v", "w") }), "mountPath"),
  securityContext: some({ runAsUser: fc.nat(), capabilities: some({ drop: fc.constantFrom(["ALL"], []) }) }),
});
/** What pods are made of. */
export const podSpec = some({
  containers: keyed(["web", "proxy", "log"], container),
  initContainers: keyed(["first", "second"], container),
  volumes: keyed(
    ["v", "w", "x"],
    fc.oneof(
      fc.record({ emptyDir: fc.constantFrom<JsonObject>({}, { medium: "Memory" }) }),
      fc.record({ configMap: fc.record({ name: text }) }),
    ) as fc.Arbitrary<JsonObject>,
  ),
  imagePullSecrets: keyed(["one", "two"], fc.constant({})),
  nodeSelector: strings,
  tolerations: fc.array(some({ key: text, operator: fc.constantFrom("Exists", "Equal") }), { maxLength: 2 }),
  hostAliases: keyed(["10.0.0.1", "10.0.0.2"], some({ hostnames: fc.array(text, { maxLength: 2 }) }), "ip"),
  topologySpreadConstraints: keyed(
    ["zone", "host"],
    some({ whenUnsatisfiable: fc.constantFrom("DoNotSchedule", "ScheduleAnyway"), maxSkew: fc.nat(3) }),
    "topologyKey",
  ),
  affinity: some({ nodeAffinity: free }),
});
const template = some({ metadata: some({ labels: strings, annotations: strings }), spec: podSpec });
/** The spec of a Deployment, more or less. */
export const workload = some({ replicas: fc.nat(9), template, selector: some({ matchLabels: strings }) });

/** A type of objects, and what they hold beside their names. */
export interface Kind {
  readonly type: readonly [apiVersion: string, kind: string];
  readonly body: fc.Arbitrary<JsonObject>;
}

/** Built-in types and custom resources, of which some have one kind in two groups. */
export const KINDS: readonly Kind[] = [
  { type: ["apps/v1", "Deployment"], body: some({ spec: workload }) },
  { type: ["apps/v1", "StatefulSet"], body: some({ spec: workload }) },
  {
    type: ["batch/v1", "CronJob"],
    body: some({ spec: some({ schedule: text, jobTemplate: some({ spec: workload }) }) }),
  },
  { type: ["v1", "ConfigMap"], body: some({ data: fc.dictionary(key, text), immutable: fc.boolean() }) },
  {
    type: ["v1", "Service"],
    body: some({
      spec: some({
        type: text,
        ports: keyed(["a", "b"], some({ port: fc.nat(3), protocol: fc.constantFrom("TCP", "UDP") })),
      }),
    }),
  },
  { type: ["serving.knative.dev/v1", "Service"], body: some({ spec: free }) },
  {
    type: ["networking.k8s.io/v1", "Ingress"],
    body: some({ spec: some({ rules: fc.array(some({ host: text, http: free }), { maxLength: 3 }) }) }),
  },
  {
    type: ["rbac.authorization.k8s.io/v1", "Role"],
    body: some({ rules: fc.array(some({ verbs: fc.array(text), resources: fc.array(text) }), { maxLength: 3 }) }),
  },
  {
    type: ["v1", "ServiceAccount"],
    body: some({
      secrets: keyed(["one", "two", "three"], some({ namespace: fc.constantFrom("shop", "team") })),
      imagePullSecrets: keyed(["one", "two", "three"], fc.constant({})),
      automountServiceAccountToken: fc.boolean(),
    }),
  },
  {
    type: ["rbac.authorization.k8s.io/v1", "RoleBinding"],
    body: some({
      subjects: fc.array(
        some({
          kind: fc.constantFrom("ServiceAccount", "User"),
          namespace: fc.constantFrom("shop", "team"),
        }).chain((subject) => fc.constantFrom("web", "a.b", "a").map((name) => ({ kind: "User", ...subject, name }))),
        { maxLength: 3 },
      ),
    }),
  },
  { type: ["example.com/v1", "Widget"], body: some({ spec: free, data: json }) },
  { type: ["other.org/v1beta1", "Widget"], body: some({ spec: free, status: free }) },
];

/** An object as Git has it, and another one that is wanted of it in some environment. */
export interface Pair {
  readonly base: JsonObject;
  readonly wanted: JsonObject;
}

/** Names of which one is a regular expression that fits another. */
export const NAMES = ["web", "a.b", "axb", "a", "b", "c:d", "x-1", "web.1", "web-1"];

/**
 * One object of every kind and name, each changed in any way that leaves it that object: Services and Widgets of two
 * groups have the same names.
 */
export const pairs: fc.Arbitrary<readonly Pair[]> = fc.tuple(
  ...KINDS.flatMap(({ type, body }) => NAMES.map((name) => pairOf(type, name, body))),
);

function pairOf(type: Kind["type"], name: string, body: fc.Arbitrary<JsonObject>): fc.Arbitrary<Pair> {
  const drawn = objectOf(type, name, body);
  const choices = fc.array(fc.nat(5), { minLength: 1, maxLength: 40 });
  return fc.tuple(drawn, drawn, choices).map(([base, other, all]) => {
    return { base, wanted: crossed(base, other, chooser(all)) as JsonObject };
  });
}

/** Any object of this type and name, in one namespace. */
export function objectOf(
  [apiVersion, kind]: Kind["type"],
  name: string,
  body: fc.Arbitrary<JsonObject>,
): fc.Arbitrary<JsonObject> {
  const finalizers = fc.array(text, { maxLength: 2 });
  const metadata = some({ labels: strings, annotations: notEmpty(strings), finalizers });
  const isTypeDefinition = kind === "CustomResourceDefinition";
  return fc.tuple(body, metadata).map(([fields, more]) => ({
    ...fields,
    apiVersion,
    kind,
    metadata: { ...more, name, ...(isTypeDefinition ? {} : { namespace: "shop" }) },
  }));
}

function notEmpty(map: fc.Arbitrary<JsonObject>): fc.Arbitrary<JsonObject> {
  return map.filter((each) => Object.keys(each).length > 0);
}

/** Gives these choices one after the other, and again from the first. */
export function chooser(choices: readonly number[]): () => number {
  const next = { index: 0 };
  return () => choices[next.index++ % choices.length] ?? 0;
}

/** Parts of one value and parts of the other, so that each stays of its type. @param choose gives 0 to 5; 5 leaves it. */
export function crossed(one: JsonValue, other: JsonValue, choose: () => number): JsonValue {
  if (isMap(one) && isMap(other)) return crossedMap(one, other, choose);
  if (Array.isArray(one) && Array.isArray(other)) {
    const choice = choose();
    if (choice === 0) return other;
    if (choice === 1) return [...one].reverse();
    if (choice === 2) return one.slice(1);
    if (choice === 3) return one;
    return one.map((each, index) => (index < other.length ? crossed(each, other[index] ?? null, choose) : each));
  }
  return choose() < 2 ? other : one;
}

function crossedMap(one: JsonObject, other: JsonObject, choose: () => number): JsonObject {
  const result: JsonObject = {};
  for (const each of new Set([...Object.keys(one), ...Object.keys(other)])) {
    const left = Object.hasOwn(one, each) ? one[each] : undefined;
    const right = Object.hasOwn(other, each) ? other[each] : undefined;
    const value =
      left !== undefined && right !== undefined ? crossed(left, right, choose) : choose() < 3 ? right : left;
    if (value !== undefined)
      Object.defineProperty(result, each, { value, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

function isMap(value: JsonValue): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
