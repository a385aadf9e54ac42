// A process of its own that writes to a folder store: `node writer.ts <path> <what> <id>`. It waits for a line on
// stdin before it starts, and says on stdout what came of it.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { argv, exit, stdin, stdout } from "node:process";
import { silentLog } from "@kubeferry/model";
import { StorageError } from "../../storage-error.ts";
import type { PutCondition } from "../../store.ts";
import { createFolderStore } from "../folder.ts";

const call = { signal: new AbortController().signal, log: silentLog };
const [, , path = "", what = "", id = ""] = argv;
const store = createFolderStore({ path, autoCreate: false });

/** One line for each round: "won" or "lost". */
async function race(rounds: number, conditionOf: (round: number) => Promise<[string, PutCondition]>): Promise<void> {
  stdout.write("ready\n");
  for (let round = 0; round < rounds; round++) {
    await once(stdin, "data");
    const [key, condition] = await conditionOf(round);
    stdout.write((await wins(key, condition)) ? "won\n" : "lost\n");
  }
}

async function wins(key: string, condition: PutCondition): Promise<boolean> {
  try {
    await store.put(key, new TextEncoder().encode(`process ${id} at ${key}`), { condition }, call);
    return true;
  } catch (error) {
    if (error instanceof StorageError && error.kind === "conflict") return false;
    throw error;
  }
}

/** Adds one to a number as often as asked, each time from what it has read. */
async function count(times: number): Promise<void> {
  stdout.write("ready\n");
  await once(stdin, "data");
  for (let done = 0; done < times; ) {
    const object = await store.get("counter", call);
    if (object === undefined) throw new Error("the counter is missing");
    let text = "";
    for await (const chunk of object.body) text += new TextDecoder().decode(chunk);
    const body = new TextEncoder().encode(String(Number(text) + 1));
    try {
      await store.put("counter", body, { condition: { ifMatch: object.etag } }, call);
      done++;
    } catch (error) {
      if (!(error instanceof StorageError) || error.kind !== "conflict") throw error;
    }
  }
  stdout.write("done\n");
}

/** Writes bodies of one letter each, over and over, until it is killed. */
async function writeForEver(): Promise<void> {
  stdout.write("ready\n");
  for (let round = 0; ; round++) {
    const letter = "ab".charCodeAt(round % 2);
    const key = `deep/new/${randomUUID()}`;
    await store.put("deep/in/letters", new Uint8Array(3_000_000).fill(letter), {}, call);
    await store.put(key, new Uint8Array(1_000).fill(letter), { condition: { ifAbsent: true } }, call);
    await store.delete(key, call);
  }
}

if (what === "create") await race(50, (round) => Promise.resolve([`race/${round}`, { ifAbsent: true }]));
else if (what === "count") await count(25);
else await writeForEver();
exit(0);
