import type {
  FolderLikeness,
  FoundParameter,
  Likeness,
  ObjectDifference,
  ObjectInSome,
  SummaryReport,
} from "@kubeferry/model";
import { code, count, limited, plain } from "../markdown.ts";

/** How much is shown. */
export interface SummaryMarkdownOptions {
  /** Lines of each list and table; the rest is counted. */
  readonly lines: number;
}

/** Longer names and texts are cut: nobody compares them by eye. */
const LONGEST = 80;

/**
 * How alike environments are, in Markdown without headings: a table of folders, the parameters, what differs most. It holds
 * no values but those of parameters, at most 4 × `lines` + 30 lines of them, and is the same for the same likeness.
 */
export function summaryMarkdown(likeness: Likeness, { lines }: SummaryMarkdownOptions): string {
  const { environments, folders, parameters, differences } = likeness;
  const inSome = folders.flatMap(({ onlyInSome }) => onlyInSome);
  const sections = [
    plain(plainly(likeness) ?? ""),
    folderTable(folders, lines),
    titled(
      "**The same under another name**",
      parameterTable(
        parameters,
        environments.map(({ name }) => name),
        lines,
      ),
    ),
    titled("**Different in most places**, names apart", differenceLines(differences)),
    titled("**Only in some**", limited(inSome.map(inSomeLine), lines).join("\n")),
  ];
  return sections.filter((section) => section !== "").join("\n\n");
}

/** What could not be read, to stand below a summary; "" for nothing. */
export function unreadMarkdown({ unread }: Pick<SummaryReport, "unread">): string {
  const lines = unread.map((sentence) => `- ${plain(sentence)}`);
  return lines.length === 0 ? "" : `\n\n**Could not be read, and is in no number above**\n\n${lines.join("\n")}`;
}

/** What there is to say before any number; undefined where several clusters are compared. */
export function plainly({ environments }: Pick<Likeness, "environments">): string | undefined {
  const [first, second] = environments;
  if (first === undefined) return "There is no environment to compare.";
  if (second === undefined) return `There is one environment, ${first.name}: there is nothing to compare.`;
  if (environments.some(({ source }) => source !== first.source)) return undefined;
  return `All environments are made from ${first.source}: what differs is what the configuration changes.`;
}

function titled(title: string, text: string): string {
  return text === "" ? "" : `${title}\n\n${text}`;
}

function folderTable(folders: readonly FolderLikeness[], lines: number): string {
  const rows = folders.slice(0, lines).map((folder) => {
    const { environments, objects, equal, different, byParameters, onlyInSome } = folder;
    const names = byParameters === 0 ? "" : ` (${byParameters} by names alone)`;
    const cells =
      environments.length < 2 ? `| | all ${objects}` : `${equal} | ${different}${names} | ${onlyInSome.length}`;
    return `| ${shown(folder.folder)} | ${environments.map(shown).join(" ")} | ${cells} |`;
  });
  if (rows.length === 0) return "";
  const more = folders.length > lines ? [`\n… and ${count(folders.length - lines, "more folder")}`] : [];
  return ["| objects of | in | equal | different | only in some |", "|---|---|--:|--:|--:|", ...rows, ...more].join(
    "\n",
  );
}

function parameterTable(parameters: readonly FoundParameter[], environments: readonly string[], lines: number): string {
  const rows = parameters.slice(0, lines).map(({ name, values, places, objects, partly }) => {
    const texts = environments.map((environment) => valueIn(values, environment));
    const also = partly === 0 ? "" : `, and part of ${partly} more`;
    return `| ${shown(name)} | ${texts.join(" | ")} | ${count(places, "place")} in ${count(objects, "object")}${also} |`;
  });
  if (rows.length === 0) return "";
  const more = parameters.length > lines ? [`\n… and ${parameters.length - lines} more`] : [];
  const head = [
    `| | ${environments.map(shown).join(" | ")} | explains |`,
    `|---|${environments.map(() => "---|").join("")}---|`,
  ];
  return [...head, ...rows, ...more].join("\n");
}

function valueIn(values: FoundParameter["values"], environment: string): string {
  const value = Object.hasOwn(values, environment) ? values[environment] : undefined;
  if (value === undefined) return "";
  return value === "" ? "(nothing)" : shown(value);
}

function differenceLines(differences: readonly ObjectDifference[]): string {
  return differences
    .map(({ object, places, paths }) => {
      const more = paths.length > 0 && places > paths.length ? ", …" : "";
      const where = paths.length === 0 ? "" : `: ${paths.map(shown).join(", ")}${more}`;
      return `- ${shown(object)}, ${count(places, "place")}${where}`;
    })
    .join("\n");
}

function inSomeLine({ object, environments, unprovenIn }: ObjectInSome): string {
  const unproven = unprovenIn.length === 0 ? "" : `; nobody knows of ${unprovenIn.map(shown).join(", ")}`;
  return `- ${shown(object)} only in ${environments.map(shown).join(", ")}${unproven}`;
}

function shown(text: string): string {
  return code(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
