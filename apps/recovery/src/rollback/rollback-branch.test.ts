import { expect, it } from "vitest";
import { rollbackBranch } from "./rollback-branch.ts";

const CLUSTER = { domain: "crc.testing", name: "wrl62" };

it.each([
  ["everything", [], false, "kubeferry/main-rollback-crc.testing-wrl62-7"],
  ["everything and what has no namespace", [], true, "kubeferry/main-rollback-crc.testing-wrl62-7-cluster"],
  ["one namespace", ["shop"], false, "kubeferry/main-rollback-crc.testing-wrl62-7-of-shop"],
  ["two", ["shop", "team"], false, "kubeferry/main-rollback-crc.testing-wrl62-7-of-529b62096dcc"],
  [
    "the same two, written the other way round",
    ["team", "shop", "team"],
    false,
    "kubeferry/main-rollback-crc.testing-wrl62-7-of-529b62096dcc",
  ],
  [
    "a glob, which no branch could be called",
    ["shop*"],
    false,
    "kubeferry/main-rollback-crc.testing-wrl62-7-of-e00983a782b6",
  ],
])("the branch of a rollback of %s says what it is", (_what, namespaces, clusterScoped, expected) => {
  const branch = rollbackBranch("kubeferry/main", {
    cluster: CLUSTER,
    sequence: 7,
    only: { namespaces, clusterScoped },
  });
  expect(branch).toBe(expected);
});
