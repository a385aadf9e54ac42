import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { JsonObject, JsonValue } from "@kubeferry/model";
import { missingServers, servers } from "@kubeferry/testbed";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { firstDifference } from "./equal.ts";
import { kustomizeRefusal } from "./kustomize.ts";
import { NASTY_TEXTS, nastyNumber, nastyText, nastyValue } from "./testing/nasty-values.ts";
import { emitYaml } from "./yaml/emit.ts";
import { parseYamlStream } from "./yaml/parse.ts";

function widget(spec: JsonValue, metadata: JsonObject = {}): JsonObject {
  return { apiVersion: "example.com/v1", kind: "Widget", metadata: { name: "w", ...metadata }, spec };
}

function listOf(kind: string, more: JsonObject): JsonObject {
  return { apiVersion: "example.com/v1", kind, metadata: { name: "l" }, ...more };
}

function levels(depth: number): JsonValue {
  let value: JsonValue = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

const REFUSED: readonly (readonly [string, JsonObject])[] = [
  ["kustomize cannot carry U+007F, at /spec/a/1", widget({ a: ["x", "y\u007f"] })],
  ["kustomize cannot carry U+0085, at /spec/a", widget({ a: "y\u0085" })],
  ["kustomize cannot carry U+009F, at /spec/a", widget({ a: "\u009f" })],
  ["kustomize cannot carry U+FFFF, at /spec/a", widget({ a: "\uffff" })],
  ["kustomize cannot carry U+0080, in /spec", widget({ "a\u0080": 1 })],
  ['kustomize drops the key "<<", in /spec/a', widget({ a: { "<<": 1 } })],
  ["kustomize cannot read a key of more than 1000 characters, in /spec", widget({ ["<".repeat(180)]: 1 })],
  ["an integer beyond 64 bits with sign becomes a rounded number, at /spec/a", widget({ a: -(2n ** 63n) - 1n })],
  ["kustomize drops empty annotations", widget({}, { annotations: {} })],
  ["kustomize drops empty annotations", widget({}, { annotations: null })],
  [
    "kustomize drops objects annotated config.kubernetes.io/local-config",
    widget({}, { annotations: { "config.kubernetes.io/local-config": "" } }),
  ],
  ...[
    "config.kubernetes.io/index",
    "config.kubernetes.io/origin",
    "config.kubernetes.io/path",
    "config.k8s.io/id",
    "internal.config.kubernetes.io/id",
    "internal.config.kubernetes.io/seqindent",
    "internal.config.kubernetes.io/previousNames",
    "alpha.config.kubernetes.io/transformations",
  ].map((name): readonly [string, JsonObject] => [
    `kustomize drops its own annotation ${name}`,
    widget({}, { annotations: { [name]: "1", x: "y" } }),
  ]),
  ["kustomize takes a WidgetList with items for a list of objects", listOf("WidgetList", { items: [{ a: 1 }] })],
  ["kustomize takes a WidgetList with items for a list of objects", listOf("WidgetList", { items: null })],
  ["kustomize takes a ResourceList with functionConfig for its own", listOf("ResourceList", { functionConfig: {} })],
];

/** Refused although a build would give something: read wrongly by others than Go's parsers, or only after minutes. */
const REFUSED_FOR_OTHER_REASONS: readonly (readonly [string, JsonObject])[] = [
  ["kustomize cannot carry U+2028, at /spec/a", widget({ a: "x\u2028y" })],
  ["an integer beyond 64 bits with sign becomes a rounded number, at /spec/a", widget({ a: 2n ** 63n })],
  ["half a surrogate pair is no text, at /spec/a", widget({ a: "\ud800" })],
  [`kustomize takes minutes for more than 1000 levels, at /spec${"/0".repeat(19)}/…`, widget(levels(1100))],
];

const CARRIED: readonly JsonObject[] = [
  widget({
    list: [1, -(2n ** 63n), 2n ** 63n - 1n, 9007199254740993n, 1e21, 1e-7, 0.1, 5e-324],
    empty: { a: {}, b: [], c: "", d: null },
  }),
  widget(NASTY_TEXTS.filter((text) => kustomizeRefusal(widget(text)) === undefined)),
  widget(
    Object.fromEntries(
      NASTY_TEXTS.filter((text) => kustomizeRefusal(widget({ [text]: 1 })) === undefined).map((text) => [
        text,
        { text },
      ]),
    ),
  ),
  widget({ metadata: { annotations: {} } }, { labels: {}, creationTimestamp: null }),
  widget(levels(300)),
  widget(
    {},
    {
      annotations: {
        "config.kubernetes.io/local-config": "false",
        "kustomize.config.k8s.io/needs-hash": "true",
        a: "1",
      },
    },
  ),
  listOf("WidgetList", { spec: { items: [1] } }),
  {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "apps" },
    spec: { path: "./apps" },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "system:a.b" },
    data: { a: "x\n---\ny\n", b: "a\r\nb\r\n", c: "\u{1f600}\ufeff" },
  },
];

describe("kustomizeRefusal", () => {
  it("says what kustomize would drop, change or stumble over, and where", () => {
    for (const [reason, object] of [...REFUSED, ...REFUSED_FOR_OTHER_REASONS])
      expect(kustomizeRefusal(object)).toBe(reason);
  });

  it("has nothing against ordinary objects and their odd values", () => {
    for (const object of CARRIED) expect(kustomizeRefusal(object)).toBeUndefined();
  });

  it("never repeats a value, which may be secret", () => {
    expect(kustomizeRefusal(widget({ password: "hunter2\u007f" }))).toBe(
      "kustomize cannot carry U+007F, at /spec/password",
    );
  });
});

describe.skipIf(missingServers("kustomize"))("kustomize build", () => {
  const folder = mkdtempSync(join(tmpdir(), "kubeferry-kustomize-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** @returns the objects that come out, or undefined when the build fails. */
  function build(objects: readonly JsonObject[]): JsonValue[] | undefined {
    const resources = objects.map((_, index) => `object-${index}.yaml`);
    for (const [index, object] of objects.entries())
      writeFileSync(join(folder, `object-${index}.yaml`), emitYaml(object));
    writeFileSync(join(folder, "kustomization.yaml"), emitYaml({ kind: "Kustomization", resources }));
    try {
      const output = execFileSync(servers.binary("kustomize"), ["build", folder], {
        stdio: ["ignore", "pipe", "ignore"],
        maxBuffer: 1 << 28,
      });
      return parseYamlStream(output.toString("utf8"));
    } catch {
      return undefined;
    }
  }

  it("gives back unchanged what is not refused", () => {
    for (const object of CARRIED) {
      const built = build([object]);
      expect(built).toHaveLength(1);
      expect(firstDifference(object, built?.[0] ?? null)).toBeUndefined();
    }
  });

  it("fails, drops or changes what is refused", () => {
    for (const [reason, object] of REFUSED) {
      const built = build([object]);
      const isCarried = built?.length === 1 && firstDifference(object, built[0] ?? null) === undefined;
      expect(isCarried, reason).toBe(false);
    }
  });

  it("gives back unchanged what is not refused, whatever is in it", () => {
    const spec = fc.sample(fc.oneof({ weight: 3, arbitrary: nastyValue }, nastyText, nastyNumber), 800);
    const objects = spec
      .map((value, index) => widget({ value }, { name: `w-${index}`, namespace: `n-${index % 7}` }))
      .filter((object) => kustomizeRefusal(object) === undefined);
    expect(objects.length).toBeGreaterThan(200);
    const built = new Map<JsonValue | undefined, JsonValue>();
    for (const object of build(objects) ?? []) built.set(nameOf(object), object);
    for (const object of objects) expect(firstDifference(object, built.get(nameOf(object)) ?? null)).toBeUndefined();
  });
});

function nameOf(object: JsonValue): JsonValue | undefined {
  return ((object as JsonObject).metadata as JsonObject).name;
}
