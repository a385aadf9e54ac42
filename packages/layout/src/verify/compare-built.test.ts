import { Buffer } from "node:buffer";
import { emitYaml } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { describe, expect, it } from "vitest";
import { type Content, textContent } from "../content.ts";
import { compareBuilt } from "./compare-built.ts";

const READ = async (content: Content) => Buffer.from(content.kind === "text" ? content.text : "");

function widget(name: string, spec: JsonObject, apiVersion = "example.com/v1"): JsonObject {
  return { apiVersion, kind: "Widget", metadata: { name, namespace: "shop" }, spec };
}

function compare(built: readonly JsonObject[], wanted: readonly JsonObject[], write = emitYaml) {
  const stream = (async function* () {
    yield* built;
  })();
  const contents = wanted.map((object) => textContent(write(object)));
  return compareBuilt(stream, contents, READ);
}

describe("comparing what is built with what is to be there", () => {
  const [a, b] = [widget("a", { n: 1 }), widget("b", { n: 1 })];

  it("finds no difference in another order of objects and keys", async () => {
    const turned = {
      spec: { n: 1 },
      metadata: { namespace: "shop", name: "a" },
      kind: "Widget",
      apiVersion: a.apiVersion,
    };
    expect(await compare([b, turned as JsonObject], [a, b])).toEqual({ objects: 2, differences: [] });
  });

  it("finds no difference in how a file is written", async () => {
    expect(await compare([a, b], [a, b], JSON.stringify)).toEqual({ objects: 2, differences: [] });
  });

  it("names the object and the place of a difference, and no value", async () => {
    const other = widget("a", { list: [{ "a/b": "x" }] });
    expect(await compare([widget("a", { list: [{ "a/b": "y" }] }), b], [b, other])).toEqual({
      objects: 2,
      differences: [{ kind: "differs", object: "Widget.example.com shop/a", path: "/spec/list/0/a~1b" }],
    });
  });

  it("tells what is missing from what is not to be there", async () => {
    expect(await compare([a], [b])).toEqual({
      objects: 1,
      differences: [
        { kind: "unexpected", object: "Widget.example.com shop/a" },
        { kind: "missing", object: "Widget.example.com shop/b" },
      ],
    });
  });

  it("does not take an object for the one of the same name in another group", async () => {
    const theirs = widget("a", { n: 1 }, "other.example.com/v1");
    expect(await compare([theirs], [a])).toMatchObject({ differences: [{ kind: "unexpected" }, { kind: "missing" }] });
    expect(await compare([theirs, a], [a, theirs])).toEqual({ objects: 2, differences: [] });
  });

  it("sees another version of the same object as a difference of that object", async () => {
    expect(await compare([widget("a", { n: 1 }, "example.com/v2")], [a])).toMatchObject({
      differences: [{ kind: "differs", path: "/apiVersion" }],
    });
  });

  it("sees an object that is built twice", async () => {
    expect(await compare([a, a], [a])).toMatchObject({ objects: 2, differences: [{ kind: "unexpected" }] });
  });

  it("rounds no integer", async () => {
    const [exact, rounded] = [widget("a", { n: 9007199254740993n }), widget("a", { n: 9007199254740992n })];
    expect(await compare([rounded], [exact])).toMatchObject({ differences: [{ kind: "differs", path: "/spec/n" }] });
    expect(await compare([exact], [exact])).toMatchObject({ differences: [] });
  });
});
