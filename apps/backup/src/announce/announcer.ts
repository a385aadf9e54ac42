import type { BackupCompleted } from "@kubeferry/announce";
import type { Announcement, Call } from "@kubeferry/model";

/** Tells stage 2 that there is a snapshot. One serves all clusters of a process, at the same time. */
export interface Announcer {
  readonly via: Announcement["via"];
  /** Where stage 2 is told, before anybody was. */
  readonly target: string;
  /** @throws KubeferryError when nobody could be told */
  tell(completed: BackupCompleted, call: Call): Promise<Told>;
  /**
   * Looks whether stage 2 could be told, and starts nothing.
   * @returns what was found, for people
   * @throws KubeferryError when it could not
   */
  check(call: Call): Promise<string>;
  close(): Promise<void>;
}

/** Who was told, or is going to look anyway. */
export type Told = Pick<Announcement, "target"> & { readonly outcome: Exclude<Announcement["outcome"], "failed"> };
