import { emitYaml } from "@kubeferry/clean";
import { describe, expect, it } from "vitest";
import { checkBytes, type LastLook } from "./check-bytes.ts";

const NOTHING: LastLook = { holdsSecret: () => false, allowsCredential: () => false };
const OBJECT = { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "settings" };
const CIPHER = "ENC[AES256_GCM,data:b3Bh,iv:cXVl,tag:dGFn,type:str]";
/** Put together so that no scanner takes this file for a leak. */
const TOKEN = `ghp_${"a1B2".repeat(9)}`;

describe("the last look at the bytes of a file", () => {
  it.each([
    ["as we write YAML", emitYaml({ apiVersion: "v1", kind: "Secret", metadata: { name: "db" }, data: {} })],
    ["in one line", '{"apiVersion": "v1", "kind": "Secret", "data": {}}'],
    ["in a list", '{"kind": "List", "items": [{"kind": "Secret"}]}'],
    ["behind another document", "kind: ConfigMap\n---\nkind: Secret\n"],
    [
      "that only looks encrypted",
      emitYaml({ kind: "Secret", data: { a: CIPHER, b: "b3Blbg==" }, sops: { mac: CIPHER } }),
    ],
    ["encrypted without a MAC", emitYaml({ kind: "Secret", data: { a: CIPHER } })],
  ])("refuses a Secret %s", (_how, text) => {
    expect(() => checkBytes("namespaces/shop/base/x.yaml", text, undefined, NOTHING)).toThrow(
      "gitops: write namespaces/shop/base/x.yaml: blocked: it is a Secret",
    );
  });

  it("lets a Secret pass that sops encrypted", () => {
    const text = emitYaml({ kind: "Secret", data: { a: CIPHER, b: "" }, sops: { mac: CIPHER } });
    checkBytes("base/secrets/db.sops.yaml", text, OBJECT, NOTHING);
  });

  it("lets pass what only speaks of Secrets", () => {
    const text = "apiVersion: v1\nkind: Secret\n";
    checkBytes("x.yaml", emitYaml({ kind: "ConfigMap", data: { text } }), OBJECT, NOTHING);
    checkBytes("y.yaml", emitYaml({ kind: "ExternalSecret", spec: { target: { kind: "Secret" } } }), OBJECT, NOTHING);
  });

  it("refuses an object's file, or a patch of one, in which a Secret's value is found", () => {
    const look = { ...NOTHING, holdsSecret: (text: string) => text.includes("s3cret-value") };
    expect(() => checkBytes("patch-x.yaml", "it is s3cret-value", OBJECT, look)).toThrow("holds the value of a Secret");
    checkBytes("application.yaml", "server: s3cret-value", undefined, look);
  });

  it("refuses what has the form of a credential in any file, unless that is allowed for its object", () => {
    const problem = "blocked: it holds what looks like a github token; nothing was pushed";
    expect(() => checkBytes("README.md", TOKEN, undefined, NOTHING)).toThrow(problem);
    expect(() => checkBytes("x.yaml", TOKEN, OBJECT, NOTHING)).toThrow(problem);
    checkBytes("x.yaml", TOKEN, OBJECT, { ...NOTHING, allowsCredential: ({ name }) => name === "settings" });
  });
});
