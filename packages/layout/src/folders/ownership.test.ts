import { describe, expect, it } from "vitest";
import { type Ownership, readOwnership, writeOwnership } from "./ownership.ts";

const OWNERSHIP: Ownership = {
  format: 1,
  rules: "1",
  environments: { prod: { cluster: "crc.testing/wrl62", uid: "u", series: "default" } },
  files: {
    "prod/kustomization.yaml": { sha256: "b".repeat(64) },
    "base/configmap-x.yaml": {
      sha256: "a".repeat(64),
      object: { group: "", resource: "configmaps", kind: "ConfigMap", namespace: "shop", name: "x" },
    },
  },
};

// The fixture of format 1: a later version has to go on reading exactly this.
const FORMAT_1 = `{
  "format": 1,
  "rules": "1",
  "environments": {
    "prod": {
      "cluster": "crc.testing/wrl62",
      "uid": "u",
      "series": "default"
    }
  },
  "files": {
    "base/configmap-x.yaml": {
      "sha256": "${"a".repeat(64)}",
      "object": {
        "group": "",
        "resource": "configmaps",
        "kind": "ConfigMap",
        "namespace": "shop",
        "name": "x"
      }
    },
    "prod/kustomization.yaml": {
      "sha256": "${"b".repeat(64)}"
    }
  }
}
`;

describe("the ownership file", () => {
  it("is written in one order, and read back as it was", () => {
    expect(writeOwnership(OWNERSHIP).text).toBe(FORMAT_1);
    expect(readOwnership(FORMAT_1, "x")).toEqual(OWNERSHIP);
  });

  it("of a later format is refused, not guessed at", () => {
    expect(() => readOwnership('{"format":2}', "namespaces/shop/.kubeferry.json")).toThrow(
      "gitops: read namespaces/shop/.kubeferry.json: newer-format: it has format 2, this version reads format 1",
    );
  });

  it("that somebody edited into something else counts as none", () => {
    expect(readOwnership("not json", "x")).toBe(undefined);
    expect(readOwnership('{"format":1,"files":[]}', "x")).toBe(undefined);
  });

  it.each([
    ["no environments", { environments: {} }],
    ["a file of an object that is not named", { files: { "base/configmap-x.yaml": { sha256: "a".repeat(64) } } }],
    [
      "an overlay's object of an unknown environment",
      {
        files: { "dev/configmap-x.yaml": OWNERSHIP.files["base/configmap-x.yaml"] },
      },
    ],
    ["an environment from nowhere", { environments: { prod: { cluster: "crc.testing/wrl62" } } }],
    ["a path of its own prototype", { files: { "__proto__/x.yaml": { sha256: "" } } }],
  ])("that lacks what proves its objects gone counts as none: %s", (_what, edited) => {
    expect(readOwnership(JSON.stringify({ ...OWNERSHIP, ...edited }), "x")).toBe(undefined);
  });
});
