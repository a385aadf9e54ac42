import type { GitOpsOptions } from "@kubeferry/gitops";
import type { ProposedFile } from "@kubeferry/model";
import { count, print, printRaw } from "./print.ts";
import { drawTree } from "./tree.ts";

const MARKS: Readonly<Record<ProposedFile["change"], string>> = { added: "+", changed: "~", removed: "-" };

/** Shows a dry run on stdout as it comes: the tree of files, then one unified diff, which `git apply` takes. */
export function showProposal(output: "text" | "json"): NonNullable<GitOpsOptions["dryRun"]> {
  if (output === "json") return { files: () => undefined, diff: () => undefined };
  return {
    files(proposed, unchanged) {
      const marked = proposed.map(({ path, change }) => `${path} ${MARKS[change]}`);
      const others = unchanged === 0 ? [] : [`(${count(unchanged, "generated file")} unchanged)`];
      if (proposed.length > 0) print(drawTree(".", marked));
      print([...others, ""].join("\n"));
    },
    diff: (text) => printRaw(text),
  };
}
