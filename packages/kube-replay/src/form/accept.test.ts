import { expect, it } from "vitest";
import { wishesOf } from "./accept.ts";

const json = { media: "json", as: undefined };
const table = { media: "json", as: { kind: "Table", group: "meta.k8s.io", version: "v1" } };

it.each([
  ["nothing", undefined, [json]],
  ["kubectl get", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json", [table, json]],
  ["a typed client", "application/vnd.kubernetes.protobuf,application/json", [json]],
  ["less wanted first", "application/json;q=0.5, application/yaml", [{ media: "yaml", as: undefined }, json]],
  ["something that is not written here", "text/html", []],
  ["refused by weight", "application/json;q=0", []],
])("reads %s", (_what, accept, wishes) => {
  expect(wishesOf(accept)).toEqual(wishes);
});
