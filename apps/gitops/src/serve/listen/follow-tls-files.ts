import type { Server } from "node:https";
import type { Call } from "@kubeferry/model";
import type { ServeClock } from "../clock.ts";
import { isSame, readTlsFiles, type TlsFiles, type TlsMaterial } from "./tls-files.ts";

/** How often files are looked at: they are small, and a mounted Secret tells nobody that it was swapped. */
const LOOK_EVERY_MS = 5_000;

/**
 * Gives new connections what the files hold now, until the signal is aborted; connections that are open stay as they
 * are. What cannot be used is said once, and the certificate before it stays.
 */
export async function followTlsFiles(
  server: Server,
  options: {
    readonly files: TlsFiles;
    readonly first: TlsMaterial;
    readonly clock: ServeClock;
    readonly everyMs?: number;
  },
  { signal, log }: Call,
): Promise<void> {
  const { files, clock, everyMs = LOOK_EVERY_MS } = options;
  let used = options.first;
  let complaint = "";
  while (!signal.aborted) {
    await clock.sleep(everyMs, signal);
    if (signal.aborted) return;
    try {
      const found = await readTlsFiles(files);
      complaint = "";
      if (isSame(found, used)) continue;
      server.setSecureContext(found);
      used = found;
      log.info("certificate changed", { operation: "config_reload", changed: ["gitops.serve.tls"] });
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      if (problem === complaint) continue;
      complaint = problem;
      log.error("certificate cannot be used, the one before stays", { operation: "config_reload", error });
    }
  }
}
