import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type JsonObject, parseJson } from "@kubeferry/model";
import { ConfigError } from "@kubeferry/shared-config";
import { configMap, deployment, namespace } from "@kubeferry/test-fleet";
import { afterEach, describe, expect, it } from "vitest";
import { compileCel } from "./cel.ts";
import { compileJsonSchema } from "./json-schema.ts";
import { parsePolicies } from "./parse-policies.ts";
import { type PolicyRule, policyObject } from "./policy-rule.ts";
import { readPolicies } from "./read-policies.ts";
import { createTimeLimit } from "./time-limit.ts";

const ask = (cel: string, object: JsonObject): string | undefined =>
  compileCel(cel, "breaks the rule")(policyObject(object))?.message;

const web = deployment("shop/web", 3);

describe("a rule in CEL", () => {
  it.each([
    "object.spec.replicas <= 5",
    "object.spec.replicas % 2 == 1",
    "has(object.spec.template) && !has(object.spec.paused)",
    'object.spec.template.spec.containers.all(c, c.image.startsWith("nginx:"))',
    'object.spec.template.spec.containers.exists(c, c.name == "web")',
    'size(object.spec.template.spec.containers.filter(c, c.image.endsWith(":latest"))) == 0',
    'object.spec.template.spec.containers.map(c, c.name) == ["web"]',
    'object.spec.template.spec.containers.all(c, c.image.matches("^[a-z]+:[0-9.]+$"))',
    '"app" in object.spec.selector.matchLabels && object.spec.selector.matchLabels.all(k, k != "x")',
    'object.metadata.name.contains("eb") && object.metadata.namespace.size() == 4',
    "object.spec.template.spec.containers.all(c, object.spec.template.spec.containers.exists(d, d.name == c.name))",
  ])("keeps: %s", (cel) => {
    expect(ask(cel, web)).toBeUndefined();
  });

  it("is broken by an object for which it is false", () => {
    expect(ask("object.spec.replicas <= 2", web)).toBe("breaks the rule");
  });

  it("that asks for a field which is not there is not taken for kept", () => {
    expect(ask("object.spec.strategy.type != 'Recreate'", web)).toBe("could not be asked: No such key: strategy");
    expect(ask("!has(object.spec.strategy) || object.spec.strategy.type != 'Recreate'", web)).toBeUndefined();
    expect(ask("object.spec.replicas", web)).toBe("could not be asked: the expression is not true or false");
    expect(ask("object.metadata.name < 3", web)).toMatch(/^could not be asked: /);
  });

  it("says nothing of the values it read", () => {
    const secret = configMap("shop/a", { token: "hunter2hunter2" });
    expect(ask("int(object.data.token) > 0", secret)).toBe("could not be asked: int conversion error");
    expect(ask("object.data[object.data.token] == 1", secret)).toBe("could not be asked: no such key");
    expect(ask('object.metadata.name.matches(object.data.token + "(")', secret)).not.toContain("hunter2");
  });

  it("compares whole numbers beyond 2^53 exactly", () => {
    const object = parseJson('{"spec": {"big": 9007199254740993}}') as JsonObject;
    expect(ask("object.spec.big == 9007199254740993", object)).toBeUndefined();
    expect(ask("object.spec.big == 9007199254740992", object)).toBe("breaks the rule");
  });

  it("sees nothing but what the object holds", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      expect(ask(`has(object.metadata.${name})`, web)).toBe("breaks the rule");
    }
  });

  it("matches in linear time a text for which JavaScript's expressions would take years", () => {
    const object = configMap("shop/a", { text: `${"a".repeat(50_000)}!` });
    expect(ask('object.data.text.matches("^(a+)+$")', object)).toBe("breaks the rule");
    expect(ask('[object.data.text].all(t, t.matches("^(a+)+$"))', object)).toBe("breaks the rule");
  });

  it("whose loops in loops take too long is not taken for kept", () => {
    const object = { spec: { list: Array.from({ length: 3000 }, (_, index) => index) } };
    const cel = "object.spec.list.all(a, object.spec.list.all(b, object.spec.list.all(c, a + b + c >= 0)))";
    expect(ask(cel, object)).toBe("could not be asked: not answered within 1000 ms");
  });
});

describe("the time of a rule", () => {
  it("is not spent any more after three objects that took too long", () => {
    const within = createTimeLimit(20);
    const forever = (): never => {
      for (;;);
    };
    for (let object = 0; object < 3; object++) expect(() => within(forever)).toThrow("not answered within 20 ms");
    expect(() => within(() => true)).toThrow("not asked: it took too long on 3 objects");
  });

  it("is not the reason of an error of the rule's own", () => {
    const failing = (): never => {
      throw new TypeError("of its own");
    };
    expect(() => createTimeLimit()(failing)).toThrow(TypeError);
  });
});

describe("a rule as JSON Schema", () => {
  const limited = { properties: { spec: { properties: { replicas: { type: "integer", maximum: 2 } } } } };

  it("names the field that does not fit", () => {
    const test = compileJsonSchema(limited, "at most two");
    expect(test(policyObject(web))).toEqual({ field: "/spec/replicas", message: "at most two" });
    expect(test(policyObject(deployment("shop/web", 2)))).toBeUndefined();
  });

  it("has patterns in linear time", () => {
    const schema = { properties: { data: { additionalProperties: { type: "string", pattern: "^(a+)+$" } } } };
    const object = configMap("shop/a", { text: `${"a".repeat(50_000)}!` });
    expect(compileJsonSchema(schema, "no")(policyObject(object))).toEqual({ field: "/data/text", message: "no" });
  });
});

function rulesOf(text: string): readonly PolicyRule[] {
  const { rules, problems } = parsePolicies("rules.yaml", text);
  expect(problems).toEqual([]);
  return rules.map(({ rule }) => rule);
}

describe("what a rule is about", () => {
  const type = (kind: string, group = "") => ({
    kind,
    group,
    version: "v1",
    resource: "x",
    namespaced: true,
    verbs: [],
  });
  const ref = (kind: string, namespaceName?: string) => ({
    group: "",
    resource: "x",
    kind,
    name: "team-a",
    ...(namespaceName === undefined ? {} : { namespace: namespaceName }),
  });
  const only = (match: string): PolicyRule => {
    const [rule] = rulesOf(`rules: [{name: a, match: ${match}, cel: "true", message: m}]`);
    if (rule === undefined) throw new Error("no rule");
    return rule;
  };

  it("are kinds and groups in any case", () => {
    const rule = only("{kinds: [deployment, 'Stateful*'], groups: [apps]}");
    expect(rule.concerns(web, type("Deployment", "apps"), ref("Deployment", "shop"))).toBe(true);
    expect(rule.concerns(web, type("StatefulSet", "apps"), ref("StatefulSet", "shop"))).toBe(true);
    expect(rule.concerns(web, type("Deployment", "other.io"), ref("Deployment", "shop"))).toBe(false);
    expect(rule.concerns(web, type("DaemonSet", "apps"), ref("DaemonSet", "shop"))).toBe(false);
  });

  it("are namespaces, the Namespace among what is in it, and nothing without one", () => {
    const rule = only("{namespaces: ['team-*', '/^shop$/']}");
    expect(rule.concerns(web, type("Deployment"), ref("Deployment", "shop"))).toBe(true);
    expect(rule.concerns(web, type("Deployment"), ref("Deployment", "shopping"))).toBe(false);
    expect(rule.concerns(namespace("team-a"), type("Namespace"), ref("Namespace"))).toBe(true);
    expect(rule.concerns(web, type("ClusterRole"), ref("ClusterRole"))).toBe(false);
  });

  it("are labels, by a selector", () => {
    const rule = only("{labels: 'tier=web,!legacy'}");
    const labelled = (labels: JsonObject) => ({ ...web, metadata: { name: "a", labels } });
    expect(rule.concerns(labelled({ tier: "web" }), type("Deployment"), ref("Deployment"))).toBe(true);
    expect(rule.concerns(labelled({ tier: "web", legacy: "" }), type("Deployment"), ref("Deployment"))).toBe(false);
    expect(rule.concerns(web, type("Deployment"), ref("Deployment"))).toBe(false);
  });
});

describe("how much a rule counts", () => {
  it("is said by environment: a name before a glob, then the default, which is a warning", () => {
    const [written, globs, none] = rulesOf(`rules:
  - { name: a, cel: "true", message: m, severity: error }
  - { name: b, cel: "true", message: m, severity: { default: "off", "prod-*": error, prod-test: warning } }
  - { name: c, cel: "true", message: m }
`);
    expect(["dev", "prod"].map((name) => written?.severityIn(name))).toEqual(["error", "error"]);
    expect(["dev", "prod-eu", "prod-test"].map((name) => globs?.severityIn(name))).toEqual(["off", "error", "warning"]);
    expect(none?.severityIn("prod")).toBe("warning");
  });
});

describe("a policy file that cannot be used", () => {
  it.each([
    ['rules:\n  - name: a\n    message: m\n    cel: "1 +"\n', "rule a: cel", "rules.yaml:4", "Unexpected token: EOF"],
    [
      'rules:\n  - name: a\n    message: m\n    cel: "foo == 1"\n',
      "rule a: cel",
      "rules.yaml:4",
      "Unknown variable: foo",
    ],
    [
      'rules:\n  - name: a\n    message: m\n    cel: "1 + 1"\n',
      "rule a: cel",
      "rules.yaml:4",
      "gives int, and has to give true or false",
    ],
    [
      'rules:\n  - name: a\n    message: m\n    cel: object.a.matches("(?=a)")\n',
      "rule a: cel",
      "rules.yaml:4",
      /^is no regular expression of RE2: /,
    ],
    [
      "rules:\n  - name: a\n    message: m\n    jsonSchema: {type: nothing}\n",
      "rule a: jsonSchema",
      "rules.yaml:4",
      /schema is invalid/,
    ],
    [
      "rules:\n  - name: a\n    message: m\n    jsonSchema: {format: uuid, type: string}\n",
      "rule a: jsonSchema",
      "rules.yaml:4",
      /unknown format/,
    ],
    ["rules:\n  - name: a\n    message: m\n", "rule a", "rules.yaml:2", "expected either cel or jsonSchema"],
    ['rules:\n  - name: a\n    cel: "true"\n', "rule a: message", "rules.yaml:2", /expected string/],
    [
      'rules:\n  - name: A b\n    cel: "true"\n    message: m\n',
      "rule A b: name",
      "rules.yaml:2",
      /^expected up to 63/,
    ],
    [
      'rules:\n  - name: a\n    cel: "true"\n    message: m\n    severity: fatal\n',
      "rule a: severity",
      "rules.yaml:5",
      /^expected error, warning or off/,
    ],
    [
      'rules:\n  - name: a\n    cel: "true"\n    message: m\n    match:\n      labels: "a b"\n',
      "rule a: match.labels",
      "rules.yaml:6",
      /no condition/,
    ],
    [
      'rules:\n  - name: a\n    cel: "true"\n    message: m\n    matches: {}\n',
      "rule a",
      "rules.yaml:2",
      /Unrecognized key/,
    ],
    ["rules:\n  - a: [\n", "policies", "rules.yaml:3", /^is no YAML/],
    ["", "policies", "rules.yaml:1", /expected object/],
  ])("%j is said with its rule and line", (text, path, source, said) => {
    const { problems } = parsePolicies("rules.yaml", text);
    expect(problems).toEqual([{ path, source, text: typeof said === "string" ? said : expect.stringMatching(said) }]);
  });
});

describe("policy files", () => {
  const folders: string[] = [];
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
  });
  const write = async (files: Readonly<Record<string, string>>): Promise<string> => {
    const folder = await mkdtemp(join(tmpdir(), "kubeferry-policies-"));
    folders.push(folder);
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    return folder;
  };
  const rule = (name: string): string => `rules: [{name: ${name}, cel: "true", message: m}]\n`;
  const problemsOf = async (...paths: string[]): Promise<string[]> => {
    try {
      await readPolicies(paths);
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ path, source, text }) => `${path} [${source}]: ${text}`);
    }
  };

  it("are read from a folder in order of their names, and one by one", async () => {
    const folder = await write({ "b.yaml": rule("second"), "a.yml": rule("first"), "notes.md": "no rules" });
    const other = await write({ "c.yaml": rule("third") });
    const rules = await readPolicies([folder, join(other, "c.yaml")]);
    expect(rules.map(({ name }) => name)).toEqual(["first", "second", "third"]);
  });

  it("are all complained about at once", async () => {
    const folder = await write({ "a.yaml": rule("twice"), "b.yaml": rule("twice"), "c.yaml": "rules: 1" });
    expect(await problemsOf(folder, join(folder, "gone.yaml"))).toEqual([
      `rules [${folder}/c.yaml:1]: expected a list of rules`,
      `gitops.validation.policies [${folder}/gone.yaml]: cannot be read: there is no such file`,
      `rule twice [${folder}/b.yaml:1]: has the name of the rule at ${folder}/a.yaml:1`,
    ]);
  });
});
