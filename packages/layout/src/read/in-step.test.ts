import fc from "fast-check";
import { expect, it } from "vitest";
import { inStep } from "./in-step.ts";
import type { ReadObject } from "./source.ts";

/** As "deployments shop/web". */
function sealedObject(source: string, id: string): ReadObject {
  const [resource = "", key = ""] = id.split(" ");
  const [namespace = "", name = ""] = key.split("/");
  const type = { group: "", version: "v1", resource, kind: resource, namespaced: true, verbs: [] };
  return { source, type, ref: { group: "", resource, kind: resource, namespace, name }, sealed: true };
}

/** Gives what it is told to, and notes when nobody wants any more of it. */
async function* sourceOf(name: string, ids: readonly string[], closed: string[] = []): AsyncIterable<ReadObject> {
  try {
    for (const id of ids) yield sealedObject(name, id);
  } finally {
    closed.push(name);
  }
}

async function taken(all: readonly (readonly string[])[]): Promise<string[]> {
  const order: string[] = [];
  await inStep(
    all.map((ids, place) => sourceOf(`${place}`, ids)),
    async ({ source, ref }, place) => {
      expect(source).toBe(`${place}`);
      order.push(`${source}: ${ref.resource} ${ref.namespace}/${ref.name}`);
    },
  );
  return order;
}

it("gives what several sources have right behind each other, in the order of the sources", async () => {
  const [first, second] = [
    ["configmaps a/x", "configmaps a/y", "services a/x"],
    ["configmaps a/y", "deployments a/w", "services a/x"],
  ];
  expect(await taken([first, second])).toEqual([
    "0: configmaps a/x",
    "0: configmaps a/y",
    "1: configmaps a/y",
    "1: deployments a/w",
    "0: services a/x",
    "1: services a/x",
  ]);
});

it("knows the order of a snapshot's keys, in which a-b comes before a", async () => {
  const all = [["configmaps a-b/x", "configmaps a/x"], ["configmaps a/x"]];
  expect(await taken(all)).toEqual(["0: configmaps a-b/x", "0: configmaps a/x", "1: configmaps a/x"]);
});

it("gives each object of each source once and in its order, whatever order that is", async () => {
  const id = fc.constantFrom("a s/1", "a s/2", "b s/1", "b s/2", "b t/1");
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(id, { maxLength: 6 }), { maxLength: 4 }), async (all) => {
      const order = await taken(all);
      for (const [place, ids] of all.entries()) {
        const own = order.filter((each) => each.startsWith(`${place}: `)).map((each) => each.slice(3));
        expect(own).toEqual(ids);
      }
    }),
  );
});

it("ends the reading of all where one cannot go on, and where who takes cannot", async () => {
  async function* damaged(): AsyncIterable<ReadObject> {
    yield sealedObject("damaged", "a s/1");
    throw new Error("is damaged");
  }
  const closed: string[] = [];
  const good = () => sourceOf("good", ["a s/1", "a s/2", "a s/3"], closed);
  await expect(inStep([good(), damaged()], async () => undefined)).rejects.toThrow("is damaged");
  expect(closed).toEqual(["good"]);
  const stops = async () => {
    throw new Error("stopped");
  };
  await expect(inStep([good(), sourceOf("other", ["a s/2", "a s/3"], closed)], stops)).rejects.toThrow("stopped");
  expect(closed).toEqual(["good", "good", "other"]);
});
