import { Buffer } from "node:buffer";
import { once } from "node:events";
import type { Call } from "@kubeferry/model";
import { failureOf } from "../git-failure.ts";
import type { Git } from "../run-git.ts";
import type { RunningGit } from "../running-git.ts";
import { createBlobIds } from "./blob-id.ts";

/** Puts contents of files into a repository, without a file for each: all of them go to one git, which makes one pack. */
export interface BlobWriter {
  /**
   * Hands a content to git, and waits while git has enough to do. What is there already is not written again.
   * @returns its id
   * @throws GitError when git could not keep what came before
   */
  write(content: Uint8Array): Promise<string>;
  /**
   * Waits until everything that was written is in the repository. Git that was started earlier may not see it.
   * @throws GitError when git could not keep it; then nothing that was written since the last time can be relied on, and
   *   every later call throws this again
   */
  settle(call: Call): Promise<void>;
  /** Ends git, whatever it was doing. */
  close(): Promise<void>;
}

const OPERATION = "keep what was written";

/** @param here ids of what the repository has already */
export function createBlobWriter(git: Git, here: Iterable<string>): BlobWriter {
  const known = new Set(here);
  const idOf = createBlobIds();
  const state: { open?: Import | undefined; failure?: { readonly reason: unknown } } = {};
  const throwIfFailed = (): void => {
    if (state.failure !== undefined) throw state.failure.reason;
  };
  return {
    async write(content) {
      throwIfFailed();
      const id = idOf(content);
      if (known.has(id)) return id;
      known.add(id);
      state.open ??= openImport(git);
      await state.open.take(content);
      return id;
    },
    async settle(call) {
      throwIfFailed();
      const { open } = state;
      state.open = undefined;
      try {
        await open?.end(call);
      } catch (reason) {
        state.failure = { reason };
        throw reason;
      }
    },
    async close() {
      await state.open?.stop();
    },
  };
}

/** One `git fast-import`. */
interface Import {
  take(content: Uint8Array): Promise<void>;
  end(call: Call): Promise<void>;
  stop(): Promise<void>;
}

/** What is gathered before it is written: a write for each file would take longer than its digest. */
const GATHERED_BYTES = 65_536;
/** What may wait for git, so that both have something to do. */
const WAITING_BYTES = 2 ** 20;
/** A content is what follows its length; "--done" tells the end of the stream from one that broke off. */
const ARGUMENTS = ["fast-import", "--quiet", "--done"];
const LINE_FEED = Buffer.from("\n");

function openImport(git: Git): Import {
  const running = git.start(ARGUMENTS);
  running.stdout.resume();
  const gathered = { bytes: Buffer.allocUnsafe(GATHERED_BYTES), length: 0 };
  const flush = (): void => {
    running.stdin.write(gathered.bytes.subarray(0, gathered.length));
    // The stream has the other one until git takes it.
    gathered.bytes = Buffer.allocUnsafe(GATHERED_BYTES);
    gathered.length = 0;
  };
  const put = (bytes: Uint8Array): void => {
    for (let from = 0; from < bytes.byteLength; ) {
      if (gathered.length === GATHERED_BYTES) flush();
      const piece = bytes.subarray(from, from + GATHERED_BYTES - gathered.length);
      gathered.bytes.set(piece, gathered.length);
      gathered.length += piece.byteLength;
      from += piece.byteLength;
    }
  };
  return {
    async take(content) {
      put(Buffer.from(`blob\ndata ${content.byteLength}\n`));
      put(content);
      put(LINE_FEED);
      if (running.stdin.writableLength > WAITING_BYTES) await drained(running);
    },
    async end(call) {
      put(Buffer.from("done\n"));
      flush();
      running.stdin.end();
      await running.finish(OPERATION, call);
    },
    stop: () => running.stop(),
  };
}

async function drained({ stdin, ended }: RunningGit): Promise<void> {
  const waiting = new AbortController();
  const drain = once(stdin, "drain", { signal: waiting.signal }).then(
    () => undefined,
    () => undefined,
  );
  const answer = await Promise.race([drain, ended]);
  waiting.abort();
  if (answer !== undefined) throw failureOf(OPERATION, answer);
}
