import { Buffer } from "node:buffer";
import { closeSync, openSync, readSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Content, type SpooledContent, sha256Of } from "./content.ts";

/** Generated files between the step that makes them and the step that writes them: on disk, so that memory holds few. */
export interface Spool {
  /** Equal bytes are kept once, and are the same content. @param sha256 of the bytes, where it is known */
  put(bytes: Buffer, sha256?: string): Promise<SpooledContent>;
  /** The bytes of any content, spooled or not. */
  read(content: Content): Promise<Buffer>;
  /** Removes it from disk. */
  close(): Promise<void>;
}

/** What is gathered before it is written: a write for each file would take longer than making the file. */
const GATHERED_BYTES = 2 ** 20;

/**
 * Opens a spool: one file in a folder of its own, readable by this user only. A killed run leaves nothing of it behind.
 *
 * It is read and written without waiting for the thread pool: what comes back from the page cache within microseconds
 * would take a hundred of them on the way there and back.
 */
export async function openSpool(): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-spool-"));
  const file = openSync(join(folder, "files"), "wx+", 0o600);
  const remove = () => rm(folder, { recursive: true, force: true });
  // It has no name from now on and goes with this process, unless the system wants open files to keep theirs.
  const isGone = await remove().then(
    () => true,
    () => false,
  );
  const known = new Map<string, SpooledContent>();
  const gathered = { bytes: Buffer.allocUnsafe(GATHERED_BYTES), length: 0 };
  const end = { written: 0 };
  const reader = createReader(file);

  function append(bytes: Buffer): number {
    if (gathered.length + bytes.length > GATHERED_BYTES) writeGathered();
    const offset = end.written + gathered.length;
    if (bytes.length > GATHERED_BYTES) {
      writeFully(file, bytes, offset);
      end.written += bytes.length;
    } else {
      gathered.length += bytes.copy(gathered.bytes, gathered.length);
    }
    return offset;
  }

  function writeGathered(): void {
    writeFully(file, gathered.bytes.subarray(0, gathered.length), end.written);
    end.written += gathered.length;
    gathered.length = 0;
  }

  return {
    async put(bytes, sha256 = sha256Of(bytes)) {
      const same = known.get(sha256);
      if (same !== undefined) return same;
      const content: SpooledContent = { kind: "spooled", sha256, sizeBytes: bytes.length, offset: append(bytes) };
      known.set(sha256, content);
      return content;
    },
    async read(content) {
      if (content.kind === "text") return Buffer.from(content.text, "utf8");
      const { offset, sizeBytes } = content;
      if (offset < end.written) return reader.read(offset, sizeBytes, end.written);
      return Buffer.from(gathered.bytes.subarray(offset - end.written, offset - end.written + sizeBytes));
    },
    async close() {
      closeSync(file);
      if (!isGone) await remove();
    },
  };
}

function writeFully(file: number, bytes: Buffer, offset: number): void {
  for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done, bytes.length - done, offset + done);
}

/** What is read at once where contents are asked for in the order in which they lie. */
const READ_BYTES = 65_536;

/** Reads a file that only grows. */
function createReader(file: number) {
  const held = { bytes: Buffer.allocUnsafe(READ_BYTES), from: 0, length: 0 };
  let next = -1;
  return {
    /** A copy of some bytes. @param end of what was written */
    read(offset: number, sizeBytes: number, end: number): Buffer {
      const isNext = offset === next;
      next = offset + sizeBytes;
      const isHeld = () => offset >= held.from && offset + sizeBytes <= held.from + held.length;
      if (!isHeld() && isNext && sizeBytes <= READ_BYTES) {
        held.length = readFully(file, held.bytes.subarray(0, Math.min(READ_BYTES, end - offset)), offset);
        held.from = offset;
      }
      if (isHeld()) return Buffer.from(held.bytes.subarray(offset - held.from, offset - held.from + sizeBytes));
      const bytes = Buffer.allocUnsafe(sizeBytes);
      readFully(file, bytes, offset);
      return bytes;
    },
  };
}

function readFully(file: number, into: Buffer, offset: number): number {
  const read = readSync(file, into, 0, into.length, offset);
  if (read !== into.length) throw new Error("gitops: read spool: it is shorter than what was written");
  return read;
}
