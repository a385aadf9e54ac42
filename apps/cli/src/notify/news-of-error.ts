import { KubeferryError } from "@kubeferry/model";
import type { Notification } from "@kubeferry/notify";
import { inOneLine } from "./problem-lines.ts";

/** What an error says in a message, and what makes it the same one tomorrow. */
export function newsOfError(error: unknown): Pick<Notification, "outcome" | "text" | "sameAs"> {
  const text = inOneLine(error instanceof Error ? error.message : String(error));
  return { outcome: "failure", text, sameAs: sameAs(error) };
}

/** True for the end of a run that another one made superfluous: nobody has to do anything. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof KubeferryError && (error.kind === "busy" || error.kind === "lost");
}

/** Kinds and never what varies: no key, no count, no time. */
function sameAs(error: unknown): string {
  if (error instanceof KubeferryError) return `${error.name} ${error.who} ${error.kind}`;
  return error instanceof Error ? error.name : "unknown";
}
