import { likenessOfFolders, summaryMarkdown } from "@kubeferry/layout";
import type { Call } from "@kubeferry/model";
import type { Part } from "./parts/part.ts";
import type { Publishing } from "./publishing.ts";

/** Of each table and list in it; the rest is counted. */
const MOST_LINES = 10;

/**
 * How alike the environments are in the folders that a part changes, in Markdown that is folded up at first. Objects that
 * differ are read, one at a time.
 * @returns undefined where there is no request, and where one source gives all environments
 */
export async function likenessText(
  { plan }: Part,
  { facts, generation: { catalog }, host, gitops, spool }: Publishing,
  call: Call,
): Promise<string | undefined> {
  const { environments, sources } = facts;
  if (host.longestText === 0 || new Set(environments.map(({ source }) => source)).size < 2) return undefined;
  const generated = new Set(catalog.folders());
  const changed = plan.folders.filter(
    ({ changes: { added, changed, removed } }) => added.length + changed.length + removed.length > 0,
  );
  const folders = changed.map(({ folder }) => folder).filter((folder) => generated.has(folder));
  if (folders.length === 0) return undefined;
  const likeness = await likenessOfFolders(folders, { catalog, spool, sources, environments, gitops }, call);
  const markdown = summaryMarkdown(likeness, { lines: MOST_LINES });
  return `<details>\n<summary>How alike the environments are</summary>\n\n${markdown}\n\n</details>`;
}
