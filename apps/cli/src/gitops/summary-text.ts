import { plainly } from "@kubeferry/layout";
import type { FolderLikeness, FoundParameter, ObjectDifference, ObjectInSome, SummaryReport } from "@kubeferry/model";
import { count, oneByLine, table } from "../present/print.ts";

/** Objects of one list that are named before the rest is counted; JSON names all. */
const NAMED = 20;

/** How alike the environments are, for people. */
export function describeSummary(report: SummaryReport): string {
  const { environments, folders, parameters, differences, unread, blocked } = report;
  const inSome = folders.flatMap(({ onlyInSome }) => onlyInSome);
  const names = environments.map(({ name }) => name);
  const sections = [
    plainly(report) ?? environments.map(({ name, source }) => `${name}, made from ${source}`).join("\n"),
    folderTable(folders),
    section("the same under another name:", parameters.length === 0 ? [] : parameterLines(parameters, names)),
    section("different in most places, names apart:", differences.flatMap(differenceLines)),
    section("only in some:", limited(inSome.map(inSomeLine))),
    section("could not be read:", unread),
    section("not in Git, and not compared:", limited(blocked.map(({ object, reason }) => `${object}: ${reason}`))),
  ];
  return sections.filter((text) => text !== "").join("\n\n");
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : oneByLine([title, ...lines.map((line) => `  ${line}`)]);
}

function folderTable(folders: readonly FolderLikeness[]): string {
  const rows = folders.map(({ folder, environments, objects, equal, different, byParameters, onlyInSome }) => [
    folder,
    String(objects),
    ...(environments.length < 2
      ? ["", "", "", ""]
      : [String(equal), String(different), String(byParameters), String(onlyInSome.length)]),
    environments.join(" "),
  ]);
  return table([["FOLDER", "OBJECTS", "EQUAL", "DIFFERENT", "BY NAMES ALONE", "ONLY IN SOME", "IN"], ...rows]);
}

function parameterLines(parameters: readonly FoundParameter[], environments: readonly string[]): readonly string[] {
  const rows = parameters.map(({ name, configured, values, places, objects, partly }) => [
    configured ? `${name} (configured)` : name,
    ...environments.map((environment) => valueIn(values, environment)),
    String(places),
    String(objects),
    partly === 0 ? "" : String(partly),
  ]);
  const more = rows.some((row) => row.at(-1) !== "") ? "PART OF" : "";
  return table([["", ...environments, "PLACES", "OBJECTS", more], ...rows]).split("\n");
}

function valueIn(values: FoundParameter["values"], environment: string): string {
  const value = Object.hasOwn(values, environment) ? values[environment] : undefined;
  if (value === undefined) return "-";
  return value === "" ? "(nothing)" : value;
}

function differenceLines({ object, places, paths }: ObjectDifference): readonly string[] {
  if (paths.length === 0) return [`${object}: ${count(places, "place")}, not shown`];
  const more = places > paths.length ? [`and ${places - paths.length} more`] : [];
  return [`${object}: ${count(places, "place")}`, ...[...paths, ...more].map((path) => `  ${path}`)];
}

function inSomeLine({ object, environments, unprovenIn }: ObjectInSome): string {
  const unproven = unprovenIn.length === 0 ? "" : `; unread or left out in ${unprovenIn.join(", ")}`;
  return `${object}: ${environments.join(", ")}${unproven}`;
}

function limited(lines: readonly string[]): readonly string[] {
  return lines.length <= NAMED ? lines : [...lines.slice(0, NAMED), `and ${lines.length - NAMED} more`];
}
