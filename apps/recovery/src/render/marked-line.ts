/** A line for people, and what it stands for: whoever prints it chooses the colour. */
export interface MarkedLine {
  readonly mark: "added" | "removed" | "changed" | "heading" | "plain";
  /** Without a line feed; what strangers wrote in it is as they wrote it. */
  readonly text: string;
}

/** The mark of what was added, removed or changed, as one character. */
export const SIGNS = { added: "+", removed: "-", changed: "~" } as const;
