import { setImmediate } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { createReadAhead } from "./read-ahead.ts";

/** Reads nothing but what it is told to, and notes what was asked of it. */
function reader(failing: readonly string[] = []) {
  const asked: string[] = [];
  return {
    asked,
    async read(name: string): Promise<string> {
      asked.push(name);
      if (failing.includes(name)) throw new Error(`${name} is damaged`);
      return `content of ${name}`;
    },
  };
}

it("has the next one under way once one is there, and no more than that", async () => {
  const { asked, read } = reader();
  const ahead = createReadAhead(["a", "b", "c"], read);
  expect(asked).toEqual([]);
  expect(await ahead.read("a")).toBe("content of a");
  expect(asked).toEqual(["a", "b"]);
  expect(await ahead.read("b")).toBe("content of b");
  expect(await ahead.read("c")).toBe("content of c");
  expect(asked).toEqual(["a", "b", "c"]);
});

it("reads each once, in whatever order they are asked for", async () => {
  const { asked, read } = reader();
  const ahead = createReadAhead(["a", "b", "c", "d"], read);
  const order = ["a", "c", "b", "d"];
  for (const name of order) expect(await ahead.read(name)).toBe(`content of ${name}`);
  expect([...asked].sort()).toEqual([...order].sort());
});

it("tells of a failure when its turn comes, and not before", async () => {
  const unhandled = vi.fn();
  process.once("unhandledRejection", unhandled);
  const ahead = createReadAhead(["a", "b"], reader(["b"]).read);
  expect(await ahead.read("a")).toBe("content of a");
  await setImmediate();
  expect(unhandled).not.toHaveBeenCalled();
  process.off("unhandledRejection", unhandled);
  await expect(ahead.read("b")).rejects.toThrow("b is damaged");
});

it("waits for what nobody came for, whether it could be read or not", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const ended: string[] = [];
  const ahead = createReadAhead(["a", "b"], async (name) => {
    if (name === "a") return;
    await promise;
    ended.push(name);
    throw new Error(`${name} is damaged`);
  });
  await ahead.read("a");
  const settled = ahead.settle();
  resolve();
  await settled;
  expect(ended).toEqual(["b"]);
});
