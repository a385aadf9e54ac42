import { KubeferryError } from "@kubeferry/model";
import { type Moment, parseMoment } from "@kubeferry/snapshot";

/** "usage": nothing that could be compared. */
class SideError extends KubeferryError<"usage"> {}

/** One side of a comparison, as a command line names it. */
export type WrittenSide =
  | { readonly is: "live" }
  /** Of the command's own cluster where none is named. */
  | { readonly is: "snapshot"; readonly cluster: string | undefined; readonly moment: Moment }
  /** A folder of a branch of the configured repository; "" is its root. */
  | { readonly is: "git"; readonly branch: string; readonly path: string }
  | { readonly is: "folder"; readonly path: string };

/**
 * Reads what is written for a side. A path is known by how it begins, or by a slash where nothing else has one.
 * @param now what times ago count from
 * @throws KubeferryError "usage" for what is none of them
 */
export function parseSide(written: string, now: Date): WrittenSide {
  const text = written.trim();
  if (text === "live") return { is: "live" };
  const [, scheme, rest = ""] = /^(git|folder):(.+)$/s.exec(text) ?? [];
  if (scheme === "folder") return { is: "folder", path: rest };
  if (scheme === "git") return gitSide(rest);
  if (/^(\/|\.{1,2}(\/|$))/.test(text)) return { is: "folder", path: text };
  const split = text.lastIndexOf("@");
  const moment = parseMoment(text.slice(split + 1), now);
  if (moment !== undefined) return { is: "snapshot", cluster: split < 0 ? undefined : text.slice(0, split), moment };
  if (text.includes("/")) return { is: "folder", path: text };
  throw unknownSide(text);
}

/** Git allows no colon in the name of a branch. */
function gitSide(rest: string): WrittenSide {
  const colon = rest.indexOf(":");
  if (colon < 0) return { is: "git", branch: rest, path: "" };
  return { is: "git", branch: rest.slice(0, colon), path: rest.slice(colon + 1) };
}

function unknownSide(text: string): SideError {
  return new SideError({
    kind: "usage",
    who: "kubeferry",
    operation: "choose what is compared",
    problem: `${JSON.stringify(text)} names no snapshot, and is neither live nor a folder`,
    next:
      "write latest, latest~3, a snapshot's number, -2h, 2026-11-20T06:00:00Z, <cluster>@<any of these>, live, " +
      "git:<branch>:<path> or folder:<path>",
  });
}
