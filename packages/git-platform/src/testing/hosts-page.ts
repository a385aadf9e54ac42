import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Capabilities } from "../capabilities.ts";

const PAGE = join(import.meta.dirname, "../../../../docs/hosts.md");
const COLUMNS: readonly (keyof Capabilities)[] = [
  "draft",
  "labels",
  "reviewers",
  "teamReviewers",
  "assignees",
  "milestone",
  "autoMerge",
  "commitStatus",
];

/** What docs/hosts.md says that each host can do, by its id. */
export function documentedCapabilities(): ReadonlyMap<string, Readonly<Record<string, boolean>>> {
  const rows = [...readFileSync(PAGE, "utf8").matchAll(/^\| `([\w-]+)` \|((?: (?:yes|no) \|){8})$/gm)];
  return new Map(
    rows.map(([, id = "", cells = ""]) => {
      const said = cells.split("|").map((cell) => cell.trim() === "yes");
      return [id, Object.fromEntries(COLUMNS.map((column, index) => [column, said[index] ?? false]))];
    }),
  );
}
