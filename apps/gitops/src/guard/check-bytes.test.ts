import { emitYaml } from "@kubeferry/clean";
import { describe, expect, it } from "vitest";
import { checkBytes } from "./check-bytes.ts";

const never = () => false;

describe("the last look at the bytes of a file", () => {
  it("refuses a Secret, however it got there", () => {
    const secret = emitYaml({ apiVersion: "v1", kind: "Secret", metadata: { name: "db" }, data: {} });
    expect(() => checkBytes("namespaces/shop/base/x.yaml", secret, never)).toThrow(
      "gitops: write namespaces/shop/base/x.yaml: blocked: it is a Secret",
    );
  });

  it("lets pass what only speaks of Secrets", () => {
    const text = "apiVersion: v1\nkind: Secret\n";
    checkBytes("x.yaml", emitYaml({ kind: "ConfigMap", data: { text } }), never);
    checkBytes("y.yaml", emitYaml({ kind: "ExternalSecret", spec: { target: { kind: "Secret" } } }), never);
  });

  it("refuses a file in which a Secret's value is found", () => {
    expect(() => checkBytes("x.md", "it is s3cret-value", (text) => text.includes("s3cret-value"))).toThrow(
      "holds the value of a Secret",
    );
  });
});
