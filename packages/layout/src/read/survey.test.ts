import type { JsonObject } from "@kubeferry/model";
import { testCall, typeOf } from "@kubeferry/test-fleet";
import { expect, it } from "vitest";
import { createSecretValues } from "./secret-values.ts";
import type { Source } from "./source.ts";
import { surveySource } from "./survey.ts";

function externalSecret(name: string, target: string, annotations: Readonly<Record<string, string>> = {}): JsonObject {
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name, namespace: "shop", annotations },
    spec: { target: { name: target } },
  };
}

it("knows which ExternalSecrets are the users' own, by their names and those of their Secrets", async () => {
  const objects = [
    externalSecret("db", "db"),
    externalSecret("from-vault", "mail"),
    externalSecret("ours", "ours", { "kubeferry.io/stands-for": "Secret" }),
  ];
  const source = {
    hasSecretValues: false,
    async *objects() {
      for (const object of objects) {
        const type = typeOf(object);
        const { name } = object.metadata as { name: string };
        const ref = { group: type.group, resource: type.resource, kind: type.kind, namespace: "shop", name };
        yield { source: "a", type, ref, sealed: false, object, wasSealed: false };
      }
    },
  } as unknown as Source;
  const { theirStandIns } = await surveySource(source, createSecretValues(), testCall);
  expect([...theirStandIns].map((id) => /shop\/([^ ]*)/.exec(id)?.[1])).toEqual(["db", "from-vault", "mail"]);
});
