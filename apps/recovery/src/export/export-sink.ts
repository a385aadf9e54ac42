/** Where an export goes: a folder or an archive. Nothing is seen of it before `finish`. */
export interface ExportSink {
  /**
   * Adds a file; only its owner may read it.
   * @param path relative, "/" between segments, as `mirrorKeys` makes it
   * @throws RecoveryError "config" for a path that would climb out
   */
  put(path: string, bytes: Buffer): Promise<void>;
  /** Puts everything into place at once. */
  finish(): Promise<void>;
  /** Leaves nothing behind; after `finish` it does nothing. */
  discard(): Promise<void>;
}
