import { type JsonValue, typeName } from "@kubeferry/model";
import { type FieldChange, type PlanEntry, type PlannedAction, type RestorePlan, WAVES } from "@kubeferry/recovery";
import { count, oneByLine } from "../present/print.ts";

/** As much as a person reads of one wave and one object; a plan in JSON has all of it. */
const MOST = { objects: 40, fields: 12, characters: 60, reason: 300 };

/** The order in which the numbers are given: what is written first, then what stays. */
const ACTIONS: readonly PlannedAction[] = ["create", "update", "replace", "remove", "unchanged", "skipped", "blocked"];

const SIGNS: Readonly<Record<PlannedAction, string>> = {
  create: "+",
  update: "~",
  replace: "±",
  remove: "-",
  unchanged: "=",
  skipped: ".",
  blocked: "!",
};

/**
 * A plan for people: what it is about and how many, what to read first, what is blocked, then wave by wave what is
 * written. What stays as it is, is a number. @param all nothing is cut short
 */
export function planText(plan: RestorePlan, { all }: { readonly all: boolean }): string {
  const blocked = plan.entries.filter(({ action }) => action === "blocked");
  return oneByLine([
    ...headLines(plan),
    ...section("Read this first", plan.warnings),
    ...section(`Blocked: ${count(blocked.length, "object")}`, shownLines(blocked, all)),
    ...WAVES.flatMap((wave) => waveLines(plan, wave, all)),
    ...leftOutLines(plan, all),
  ]);
}

function headLines({ source, target, settings, entries }: RestorePlan): string[] {
  const numbers = ACTIONS.flatMap((action) => {
    const number = entries.filter((entry) => entry.action === action).length;
    return number === 0 ? [] : [`${number} ${action}`];
  });
  const later = entries.filter(({ checked }) => checked === "later").length;
  const sameCluster = source.uid === target.uid ? "the cluster that it was taken from" : "another cluster";
  return [
    `Restore of ${source.cluster}, snapshot ${source.sequence} (${source.series}) of ${source.finishedAt}`,
    `  into ${target.description}: ${sameCluster}`,
    `  ${numbers.length === 0 ? "nothing is meant" : numbers.join(", ")}; what differs: ${settings.conflicts}`,
    ...(later === 0 ? [] : [`  * ${later} cannot be checked yet: an earlier wave brings their type or namespace`]),
    ...Object.entries(settings.namespaces).map(([from, to]) => `  namespace ${from} becomes ${to}`),
    ...Object.entries(settings.storageClasses).map(([from, to]) => `  storage class ${from} becomes ${to}`),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines.map((line) => `  ${line}`)];
}

function waveLines({ entries }: RestorePlan, wave: PlanEntry["wave"], all: boolean): string[] {
  const ofWave = entries.filter((entry) => entry.wave === wave && entry.action !== "blocked");
  const shown = ofWave.filter(({ action }) => all || action !== "unchanged");
  const unchanged = ofWave.length - shown.length;
  const title = `Wave ${wave}: ${count(shown.length, "object")}${unchanged === 0 ? "" : `, and ${unchanged} unchanged`}`;
  return section(title, shownLines(shown, all));
}

function shownLines(entries: readonly PlanEntry[], all: boolean): string[] {
  const shown = all ? entries : entries.slice(0, MOST.objects);
  return [...shown.flatMap((entry) => entryLines(entry, all)), ...more(entries.length - shown.length, "object")];
}

function entryLines(entry: PlanEntry, all: boolean): string[] {
  const { action, object, reason, checked, changes } = entry;
  const place = object.namespace === undefined ? object.name : `${object.namespace}/${object.name}`;
  const later = checked === "later" ? " *" : "";
  const fields = all ? changes : changes.slice(0, MOST.fields);
  return [
    `${SIGNS[action]} ${action} ${typeName(object)} ${place}${later}${reason === undefined ? "" : `: ${all ? reason : shortened(reason, MOST.reason)}`}`,
    ...fields.map((change) => `    ${changeText(change)}`),
    ...more(changes.length - fields.length, "field").map((line) => `    ${line}`),
  ];
}

function changeText({ path, kind, before, after, hidden, order }: FieldChange): string {
  if (hidden === true) return `${path}: ${kind}, value not shown`;
  const was = before === undefined ? "(nothing)" : valueText(before);
  const is = after === undefined ? "(nothing)" : valueText(after);
  return `${path}: ${was} -> ${is}${order === true ? " (order)" : ""}`;
}

function valueText(value: JsonValue): string {
  if (typeof value === "bigint") return String(value);
  const text = JSON.stringify(value, (_, each: unknown) => (typeof each === "bigint" ? String(each) : each)) ?? "";
  return shortened(text, MOST.characters);
}

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most).join("")}…`;
}

/** What the cluster makes by itself, counted by reason: of a whole cluster that is most of it. */
function leftOutLines({ leftOut }: RestorePlan, all: boolean): string[] {
  const reasons = Map.groupBy(leftOut, ({ reason }) => reason);
  const lines = [...reasons].map(([reason, objects]) =>
    objects.length === 1 || all
      ? objects.map(({ object }) => `${object}: ${reason}`)
      : [`${count(objects.length, "object")}: ${reason}`],
  );
  return section(`Left out: ${count(leftOut.length, "object")} that are no matter of a restore`, lines.flat());
}

function more(number: number, noun: string): string[] {
  return number <= 0 ? [] : [`… ${number} more ${number === 1 ? noun : `${noun}s`}: --all shows them`];
}
