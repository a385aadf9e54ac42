import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { Call } from "@kubeferry/model";
import { GitError } from "../git-error.ts";
import { failureOf } from "../git-failure.ts";
import type { Git } from "../run-git.ts";
import { createBatchParser } from "./batch-parser.ts";

/** Reads contents of files out of a repository, by one git for all of them. */
export interface BlobReader {
  /** @throws GitError "invalid" for one that is not here; the signal's reason */
  read(id: string, call: Call): Promise<Buffer>;
  /** SHA-256 of contents by their ids, each read once; none is held as a whole, however large it is. */
  digests(ids: Iterable<string>, call: Call): Promise<ReadonlyMap<string, string>>;
  /** Ends git; what is read afterwards starts another one. */
  close(): Promise<void>;
}

const OPERATION = "read files";
/** Nothing is fetched from here: without a protocol that may be used, what is missing is an error. */
const STAY_HERE = { GIT_ALLOW_PROTOCOL: "", GIT_NO_LAZY_FETCH: "1" };
/** How many are asked for before the first is there: git works while they are on their way. */
const ASKED_AHEAD = 128;

/** @param git in a repository that holds what is read: nothing is fetched */
export function createBlobReader(git: Git): BlobReader {
  const state: { batch: Batch | undefined } = { batch: undefined };

  async function withBatch<Result>(call: Call, use: (batch: Batch) => Promise<Result>): Promise<Result> {
    call.signal.throwIfAborted();
    const batch = state.batch ?? startBatch(git);
    state.batch = batch;
    // Halfway through a content nothing else can be read from it.
    const drop = async (): Promise<void> => {
      if (state.batch === batch) state.batch = undefined;
      await batch.stop();
    };
    const stop = () => void drop();
    call.signal.addEventListener("abort", stop, { once: true });
    try {
      return await use(batch);
    } catch (error) {
      await drop();
      call.signal.throwIfAborted();
      throw error;
    } finally {
      call.signal.removeEventListener("abort", stop);
    }
  }

  return {
    read: (id, call) =>
      withBatch(call, async (batch) => {
        const chunks: Buffer[] = [];
        await batch.ask(id, (bytes) => chunks.push(bytes));
        return Buffer.concat(chunks);
      }),
    digests: (ids, call) =>
      withBatch(call, async (batch) => {
        const digests = new Map<string, string>();
        const open = [...new Set(ids)];
        for (let from = 0; from < open.length; from += ASKED_AHEAD) {
          const asked = open.slice(from, from + ASKED_AHEAD);
          await Promise.all(asked.map(async (id) => digests.set(id, await digestOf(id, batch))));
        }
        return digests;
      }),
    async close() {
      await state.batch?.stop();
      state.batch = undefined;
    },
  };
}

async function digestOf(id: string, batch: Batch): Promise<string> {
  const hash = createHash("sha256");
  await batch.ask(id, (bytes) => hash.update(bytes));
  return hash.digest("hex");
}

/** One `git cat-file --batch`, which answers in the order in which it is asked. */
interface Batch {
  ask(id: string, take: (bytes: Buffer) => void): Promise<void>;
  stop(): Promise<void>;
}

interface Question {
  readonly take: (bytes: Buffer) => void;
  readonly answered: (failure: Error | undefined) => void;
}

function startBatch(git: Git): Batch {
  const { stdin, stdout, ended, stop } = git.start(["cat-file", "--batch"], STAY_HERE);
  const questions: Question[] = [];
  const parser = createBatchParser({
    onBytes: (bytes) => questions[0]?.take(bytes),
    onEnd: () => questions.shift()?.answered(undefined),
    onMissing: (line) => questions.shift()?.answered(missing(line)),
  });
  stdout.on("data", (chunk: Buffer) => parser.push(chunk));
  const end: { failure: Error | undefined } = { failure: undefined };
  void ended.then((answer) => {
    end.failure = failureOf(OPERATION, answer);
    for (const { answered } of questions.splice(0)) answered(end.failure);
  });
  return {
    async ask(id, take) {
      const answer = new Promise<Error | undefined>((answered) => questions.push({ take, answered }));
      stdin.write(`${id}\n`);
      const problem = end.failure ?? (await answer);
      if (problem !== undefined) throw problem;
    },
    stop,
  };
}

function missing(line: string): GitError {
  return new GitError({ kind: "invalid", who: "git", operation: OPERATION, problem: `git answered "${line}"` });
}
