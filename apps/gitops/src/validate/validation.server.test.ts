import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";
import { configMap, namespace } from "../testing/objects.ts";

describe("validation before anything is written", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await createFleet("folder");
  });
  afterAll(() => fleet.close());

  const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

  it("keeps an object out that is above a limit, lists it with rule and field, and writes the others", {
    timeout: 60_000,
  }, async () => {
    const widget = { ...configMap("shop/deep"), data: JSON.parse(deep(120)) };
    await fleet.snapshot([namespace("shop"), configMap("shop/ok"), widget]);
    const report = await fleet.run({ gitops: { validation: { schema: "off" } } });
    expect(report.status).toBe("partial");
    expect(report.validation).toMatchObject({
      errors: 1,
      findings: [{ severity: "error", rule: "nesting", object: "ConfigMap shop/deep" }],
    });
    expect(report.blocked.map(({ object }) => object)).toEqual(["ConfigMap shop/deep"]);
    expect(report.blocked[0]?.reason).toMatch(/^nesting at \/data\/0.*: more than 100 levels deep$/);
    const files = await fleet.files(report.branch);
    expect(Object.keys(files)).toContain("namespaces/shop/base/configmap-ok.yaml");
    expect(Object.keys(files)).not.toContain("namespaces/shop/base/configmap-deep.yaml");
  });

  it("warns of a template with `patterns: warn` and writes it unchanged; with `preset: strict` it stays out", {
    timeout: 60_000,
  }, async () => {
    const template = { "page.tmpl": "Hello {{ .Name }}" };
    await fleet.snapshot([namespace("shop"), configMap("shop/page", template)]);
    const warned = await fleet.run({ gitops: { validation: { patterns: "warn" } } });
    expect(warned.validation).toMatchObject({
      errors: 0,
      findings: expect.arrayContaining([
        {
          severity: "warning",
          rule: "pattern",
          object: "ConfigMap shop/page",
          field: "/data/page.tmpl",
          message: 'holds "{{"',
        },
      ]),
    });
    const files = await fleet.files(warned.branch);
    expect(files["namespaces/shop/base/configmap-page.yaml"]).toContain('page.tmpl: "Hello {{ .Name }}"');

    const strict = await fleet.run({ gitops: { validation: { preset: "strict" } } });
    expect(strict.blocked).toEqual([
      { object: "ConfigMap shop/page", reason: 'pattern at /data/page.tmpl: holds "{{"' },
    ]);
  });
});
