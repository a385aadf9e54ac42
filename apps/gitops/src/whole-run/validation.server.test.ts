import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configMap, deployment, namespace } from "@kubeferry/test-fleet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFleet, type Fleet } from "../testing/fleet.ts";

describe("validation before anything is written", () => {
  let fleet: Fleet;
  beforeAll(async () => {
    fleet = await createFleet("folder");
  });
  afterAll(() => fleet.close());

  const nested = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

  it("keeps an object out that is above a limit, lists it with rule and field, and writes the others", {
    timeout: 60_000,
  }, async () => {
    const widget = { ...configMap("shop/deep"), data: JSON.parse(nested(120)) };
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

  it("keeps an object out of the environments whose policies it breaks, and out of no other", {
    timeout: 60_000,
  }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-policies-"));
    const policy = join(folder, "replicas.yaml");
    const rule = {
      name: "few-replicas",
      match: { kinds: ["Deployment"] },
      cel: "object.spec.replicas <= 2",
      message: "more than two replicas",
      severity: { default: "off", prod: "error", test: "warning" },
    };
    await writeFile(policy, JSON.stringify({ rules: [rule] }));
    await fleet.snapshot([namespace("shop"), deployment("shop/big", 3), deployment("shop/small", 2)]);
    const report = await fleet.run({ gitops: { validation: { schema: "off", policies: [policy] } } });
    const found = { rule: "policy/few-replicas", object: "Deployment shop/big", message: "more than two replicas" };
    expect(report.validation).toEqual({
      errors: 1,
      warnings: 1,
      findings: [
        { severity: "error", ...found, environments: ["prod"] },
        { severity: "warning", ...found, environments: ["test"] },
      ],
    });
    expect(report.blocked).toEqual([
      { object: "Deployment shop/big", reason: "policy/few-replicas: more than two replicas (prod)" },
    ]);
    const built = async (environment: string) =>
      Object.keys(await fleet.build(report.branch, `namespaces/shop/${environment}`)).sort();
    expect(await built("test")).toEqual(["Deployment big", "Deployment small", "Namespace shop"]);
    expect(await built("prod")).toEqual(["Deployment small", "Namespace shop"]);
    await rm(folder, { recursive: true });
  });

  it("finds a field that the API of the snapshot does not know, and refuses what no cluster holds, and goes on", {
    timeout: 60_000,
  }, async () => {
    const configMaps = {
      type: "object",
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { type: "object" },
        data: { type: "object", additionalProperties: { type: "string" } },
      },
      "x-kubernetes-group-version-kind": [{ group: "", version: "v1", kind: "ConfigMap" }],
    };
    await fleet.snapshot(
      [
        namespace("shop"),
        configMap("shop/ok"),
        { ...configMap("shop/odd"), dta: {} },
        ...["bare", "cut", "deep", "other"].map((name) => configMap(`shop/${name}`)),
      ],
      {
        openapi: { "/openapi/v3/api/v1": { components: { schemas: { ConfigMap: configMaps } } } },
        lines: {
          "ConfigMap shop/bare": '{"kind":"ConfigMap","metadata":{"name":"bare","namespace":"shop"}}',
          "ConfigMap shop/cut": '{"kind":"ConfigMap","metadata":{"name":"cut","namespace":"shop"},"data":{',
          "ConfigMap shop/deep": `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"deep","namespace":"shop"},"data":${nested(100_000)}}`,
          "ConfigMap shop/other": JSON.stringify({ ...configMap("shop/other"), kind: "Secret" }),
        },
      },
    );
    const report = await fleet.run({ gitops: { validation: { schema: "error" } } });
    expect(report.blocked).toEqual([
      { object: "ConfigMap shop/bare", reason: "broken: it has no apiVersion" },
      { object: "ConfigMap shop/cut", reason: "broken: it is no JSON" },
      { object: "ConfigMap shop/deep", reason: "broken: it is nested more than 1000 levels deep" },
      { object: "ConfigMap shop/odd", reason: "unknown-field at /dta: the API knows no such field" },
      { object: "ConfigMap shop/other", reason: "broken: its kind is not ConfigMap" },
    ]);
    expect(report.validation.errors).toBe(5);
    // Namespaces have no schema in this document.
    expect(report.validation.findings.at(-1)).toMatchObject({ severity: "warning", object: "namespaces" });
    const files = await fleet.files(report.branch);
    const written = Object.keys(files).filter((path) => path.includes("configmap-"));
    expect(written).toEqual(["namespaces/shop/base/configmap-ok.yaml"]);
  });

  it("gives two clusters the same verdict by the same policy file", { timeout: 60_000 }, async () => {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-policies-"));
    const rule = {
      name: "one",
      cel: "object.spec.replicas == 1",
      match: { kinds: ["Deployment"] },
      message: "not one",
    };
    await writeFile(join(folder, "a.yaml"), JSON.stringify({ rules: [rule] }));
    const objects = [namespace("shop"), deployment("shop/web", 3)];
    const west = { domain: "crc.testing", name: "west", uid: "kube-system-of-west" };
    await fleet.snapshot(objects);
    await fleet.snapshot(objects, {}, west);
    const report = await fleet.run({
      gitops: {
        validation: { schema: "off", policies: [folder] },
        environments: { prod: { cluster: "crc.testing/wrl62" }, west: { cluster: "crc.testing/west" } },
      },
    });
    expect(report.validation.findings).toEqual([
      { severity: "warning", rule: "policy/one", object: "Deployment shop/web", message: "not one" },
    ]);
    await rm(folder, { recursive: true });
  });
});
