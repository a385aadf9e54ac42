import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonOf, kubeferry } from "../testing/cli.ts";
import { freshFolder } from "../testing/workspace.ts";

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  uid: 8b0e6a0e-0000-4000-8000-000000000001
spec:
  clusterIP: 10.0.0.7
  ports:
  - port: 80
`;

const CLEANED = `apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  ports:
  - port: 80
`;

const CERTIFICATES = `apiVersion: v1
kind: ConfigMap
metadata: { name: kube-root-ca.crt, namespace: shop, uid: u }
data: { ca.crt: x }
`;

describe("kubeferry clean", () => {
  it("prints what is left of an object, and says what went, by which rule and why", async () => {
    const result = await kubeferry(["clean"], { input: SERVICE });
    expect(result).toMatchObject({ code: 0, stdout: CLEANED });
    expect(result.stderr.split("\n")).toEqual([
      "Service shop/web",
      "  /metadata/uid: server-metadata: the API server sets it anew on every object it stores",
      "  /spec/clusterIP: service-cluster-ip: the API server allocated the address; another cluster or namespace cannot use it",
      expect.stringContaining("--show-managed-fields"),
      "1 object, 2 fields removed",
      "",
    ]);
  });

  it("says nothing of managed fields where they are, and keeps what somebody wrote", async () => {
    const managedFields = `  managedFields:
  - { manager: kubectl-create, operation: Update, fieldsV1: { "f:spec": { "f:clusterIP": {} } } }
`;
    const result = await kubeferry(["clean"], { input: SERVICE.replace("spec:\n", `${managedFields}spec:\n`) });
    expect(result.stdout).toContain('clusterIP: "10.0.0.7"');
    expect(result.stderr).not.toContain("--show-managed-fields");
  });

  it("takes a list of `kubectl get` apart, and names objects that are left out", async () => {
    const items = [SERVICE, CERTIFICATES].map((text) => `- ${text.trimEnd().replaceAll("\n", "\n  ")}\n`).join("");
    const result = await kubeferry(["clean"], { input: `apiVersion: v1\nkind: List\nitems:\n${items}` });
    expect(result).toMatchObject({ code: 0, stdout: CLEANED });
    expect(result.stderr).toContain("ConfigMap shop/kube-root-ca.crt: left out by root-ca-config-map: the cluster");
    expect(result.stderr).toContain("1 object, 2 fields removed, 1 object left out");
  });

  it("reads JSON with exact integers from a file, and prints JSON when asked", async () => {
    const file = join(await freshFolder(), "widget.json");
    const widget =
      '{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{"n":9007199254740993}}';
    await writeFile(file, widget);
    const result = await kubeferry(["clean", file, "--output", "json"]);
    expect(result.code).toBe(0);
    expect(result.stdout.replace(/\s/g, "")).toBe(widget);
    expect(result.stderr).toContain("Widget w: nothing to remove");
  });

  it("prints several documents as several, and as one list in JSON", async () => {
    const input = `${SERVICE}---\n${SERVICE.replace("name: web", "name: api")}`;
    const yaml = await kubeferry(["clean"], { input });
    expect(yaml.stdout).toBe(`${CLEANED}---\n${CLEANED.replace("name: web", "name: api")}`);
    const json = jsonOf<{ kind: string; items: { metadata: { name: string } }[] }>(
      await kubeferry(["clean", "-", "--output", "json"], { input }),
    );
    expect([json.kind, ...json.items.map(({ metadata }) => metadata.name)]).toEqual(["List", "web", "api"]);
  });

  it("cleans the rest and ends with 1 when a document is no Kubernetes object", async () => {
    const result = await kubeferry(["clean"], { input: `just text\n---\n${SERVICE}` });
    expect(result).toMatchObject({ code: 1, stdout: CLEANED });
    expect(result.stderr).toContain("document 1 holds no Kubernetes object");
  });

  it.each([
    ["broken YAML", [], "a: b\nc: [secret\n", "BAD_INDENT at line 3, column 1"],
    ["nothing", [], "", "read stdin: unreadable: it is empty"],
    ["a file that is not there", ["missing.yaml"], "", "read missing.yaml: unreadable: ENOENT"],
  ])("with %s ends with 2, writes nothing and says where", async (_what, args, input, said) => {
    const result = await kubeferry(["clean", ...args], { input });
    expect(result).toMatchObject({ code: 2, stdout: "" });
    expect(result.stderr).toContain(said);
    expect(result.stderr).not.toContain("secret");
  });

  it("follows the rules of a configuration, and refuses those that cannot be used, with their place", async () => {
    const cwd = await freshFolder();
    const write = (clean: string) => writeFile(join(cwd, "rules.yaml"), `store: { type: folder, path: ./s }\n${clean}`);
    await write(`clean:
  disable: [service-cluster-ip]
  rules:
  - { id: no-ports, reason: a test, types: [services], remove: [/spec/ports], when: "metadata.namespace == 'shop'" }
`);
    const result = await kubeferry(["clean", "--config", "rules.yaml"], { cwd, input: SERVICE });
    expect(result.stdout).toContain('spec:\n  clusterIP: "10.0.0.7"\n');
    expect(result.stdout).not.toContain("ports");
    expect(result.stderr).toContain("/spec/ports: no-ports: a test");
    await write(`clean:
  disable: [service-cluster-ips]
  rules:
  - { id: status, reason: a test, remove: [spec, /metadata/name], when: "a[" }
`);
    const refused = await kubeferry(["clean", "--config", "rules.yaml"], { cwd, input: SERVICE });
    expect(refused).toMatchObject({ code: 2, stdout: "" });
    for (const said of [
      'clean.disable[0]: there is no built-in rule "service-cluster-ips"; did you mean service-cluster-ip? [rules.yaml:3]',
      'clean.rules[0].id: another rule is called "status"; choose another name [rules.yaml:5]',
      'clean.rules[0].remove[0]: "spec": expected a JSON pointer such as /metadata/annotations/example.com~1note [rules.yaml:5]',
      'clean.rules[0].remove[1]: "/metadata/name": an object cannot be without apiVersion, kind, name and namespace',
      "clean.rules[0].when: is no JMESPath expression",
    ]) {
      expect(refused.stderr).toContain(said);
    }
  });

  it("prints the built-in rules", async () => {
    const result = await kubeferry(["clean", "--rules"]);
    expect(result.code).toBe(0);
    expect(result.stdout).toMatch(/^ {2}service-node-port +Service +allocated nodePort/m);
    const table = jsonOf<{ fields: { id: string; reason: string; source: string }[] }>(
      await kubeferry(["clean", "--rules", "--output", "json"]),
    );
    expect(table.fields.find(({ id }) => id === "status")?.reason).toContain("controllers write");
  });
});
