/** What may have happened. */
export type NotificationEvent = "success" | "failure" | "partial" | "drift" | "recovered";

/** News of one subject, as the code that ends a run has it. Texts hold no secret: they are redacted before they are sent all the same. */
export interface Notification {
  /** What it is about, and what earlier news it is held against. */
  readonly subject: {
    readonly component: "backup" | "gitops" | "drift" | "drill" | "prune";
    /** "crc.testing/wrl62"; of stage 2: the repository, without user and password. */
    readonly target: string;
  };
  readonly outcome: Exclude<NotificationEvent, "recovered">;
  /** One line: "backup of crc.testing/wrl62 failed". */
  readonly title: string;
  /** What went wrong and what to do next; a few lines. */
  readonly text: string;
  readonly runId: string;
  readonly traceId: string;
  /** Where to look, such as the pull request. */
  readonly link?: string;
  /** Equal for the same bad news: the kinds of error, never times or counts. "" for success. */
  readonly sameAs: string;
}
