import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { bodyOf, bytes, call, namesIn, textAt } from "../contract/open-store.contract.ts";
import { openFolder } from "./testing/open-folder.ts";

const PROCESSES = 16;
const WRITER = fileURLToPath(new URL("./testing/writer.ts", import.meta.url));

interface Writer {
  readonly process: ChildProcessByStdio<Writable, Readable, null>;
  /** The next line it says. */
  line(): Promise<string>;
}

let folder: Awaited<ReturnType<typeof openFolder>>;
const started: Writer[] = [];

beforeEach(async () => {
  folder = await openFolder();
});
afterEach(async () => {
  for (const writer of started.splice(0)) writer.process.kill("SIGKILL");
  await folder.close();
});

describe("a folder that several processes use", () => {
  it(`lets exactly one of ${PROCESSES} processes create a key, 50 times`, async () => {
    const writers = await startWriters(PROCESSES, "create");
    for (let round = 0; round < 50; round++) {
      for (const { process } of writers) process.stdin.write("go\n");
      const outcomes = await Promise.all(writers.map((writer) => writer.line()));
      const winners = [...outcomes.keys()].filter((index) => outcomes[index] === "won");
      expect(winners).toHaveLength(1);
      expect(await textAt(folder.store, `race/${round}`)).toBe(`process ${winners[0]} at race/${round}`);
    }
  });

  it("loses none of 8 × 25 steps that each replace what they have read", async () => {
    await folder.store.put("counter", bytes("0"), {}, call);
    const writers = await startWriters(8, "count");
    for (const { process } of writers) process.stdin.write("go\n");
    for (const writer of writers) expect(await writer.line()).toBe("done");
    expect(await textAt(folder.store, "counter")).toBe("200");
  });

  it("shows whole objects only, whenever a writer is killed, and goes on without its lock", async () => {
    await folder.store.put("deep/in/letters", bytes("start"), {}, call);
    for (let round = 0; round < 30; round++) {
      const [writer] = await startWriters(1, "write");
      if (writer === undefined) throw new Error("no writer");
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 60));
      const ended = new Promise((resolve) => writer.process.on("exit", (_, signal) => resolve(signal)));
      expect(writer.process.kill("SIGKILL")).toBe(true);
      expect(await ended).toBe("SIGKILL");

      const body = await bodyOf(await folder.store.get("deep/in/letters", call));
      if (body.length !== 5) expect(body.equals(Buffer.alloc(3_000_000, body[0]))).toBe(true);
      for (const key of await namesIn(folder.store, "deep/new/")) {
        expect((await folder.store.head(key, call))?.sizeBytes).toBe(1_000);
      }
      const { etag } = await folder.store.put("lease", bytes(`${round}`), {}, call);
      await folder.store.put("lease", bytes("next"), { condition: { ifMatch: etag } }, call);
    }
  });
});

async function startWriters(count: number, what: string): Promise<Writer[]> {
  const writers = Array.from({ length: count }, (_, id) => startWriter(what, id));
  started.push(...writers);
  for (const writer of writers) expect(await writer.line()).toBe("ready");
  return writers;
}

function startWriter(what: string, id: number): Writer {
  const args = ["--conditions=kubeferry-source", "--no-warnings", WRITER, folder.path, what, String(id)];
  const process_ = spawn(process.execPath, args, { stdio: ["pipe", "pipe", "inherit"] });
  process_.stdin.on("error", () => undefined);
  const lines = createInterface({ input: process_.stdout })[Symbol.asyncIterator]();
  return {
    process: process_,
    async line() {
      const step = await lines.next();
      return step.done === true ? "ended" : step.value;
    },
  };
}
