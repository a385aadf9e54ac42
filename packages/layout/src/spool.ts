import { Buffer } from "node:buffer";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Content, type SpooledContent, sha256Of } from "./content.ts";

/** Generated files between the step that makes them and the step that writes them: on disk, so that memory holds one. */
export interface Spool {
  put(bytes: Buffer): Promise<SpooledContent>;
  /** The bytes of any content, spooled or not. */
  read(content: Content): Promise<Buffer>;
  /** Removes it from disk. */
  close(): Promise<void>;
}

/** Opens a spool: one file in a folder of its own, readable by this user only. A killed run leaves nothing of it behind. */
export async function openSpool(): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), "kubeferry-spool-"));
  const file = await open(join(folder, "files"), "wx+", 0o600);
  const remove = () => rm(folder, { recursive: true, force: true });
  // It has no name from now on and goes with this process, unless the system wants open files to keep theirs.
  const isGone = await remove().then(
    () => true,
    () => false,
  );
  const end = { offset: 0 };
  return {
    async put(bytes) {
      const offset = end.offset;
      end.offset += bytes.length;
      await writeFully(file, bytes, offset);
      return { kind: "spooled", sha256: sha256Of(bytes), sizeBytes: bytes.length, offset };
    },
    async read(content) {
      if (content.kind === "text") return Buffer.from(content.text, "utf8");
      const bytes = Buffer.alloc(content.sizeBytes);
      const { bytesRead } = await file.read(bytes, 0, content.sizeBytes, content.offset);
      if (bytesRead !== content.sizeBytes) throw new Error("gitops: read spool: it is shorter than what was written");
      return bytes;
    },
    async close() {
      await file.close();
      if (!isGone) await remove();
    },
  };
}

async function writeFully(file: Awaited<ReturnType<typeof open>>, bytes: Buffer, offset: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, offset + done);
    done += bytesWritten;
  }
}
