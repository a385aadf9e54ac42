import { isJsonObject, type JsonObject, parseJson, stringifyJson } from "@kubeferry/model";
import type { Table } from "../table/create-table.ts";
import type { Form } from "./form.ts";
import { closeList, eventOf, openList } from "./json-form.ts";

/** Objects in kubectl's columns. */
export function tableForm(table: Table, version: string): Form {
  const head = { kind: "Table", apiVersion: `meta.k8s.io/${version}` };
  const row = (line: Buffer): JsonObject => table.rowOf(objectOf(line));
  const shown = { columns: false };
  return {
    contentType: "application/json",
    one: (line) => {
      const metadata = { resourceVersion: resourceVersionOf(objectOf(line)) };
      return stringifyJson({ ...head, metadata, columnDefinitions: [...table.columnDefinitions], rows: [row(line)] });
    },
    open: () => openList({ ...head, columnDefinitions: table.columnDefinitions }, "rows"),
    item: (line) => stringifyJson(row(line)),
    separator: ",",
    close: closeList,
    event: (event, line) => {
      // A bookmark is about no object: there is nothing to print.
      if (event === "BOOKMARK") return eventOf(event, line.toString("utf8"));
      // A watch names its columns once.
      const columnDefinitions = shown.columns ? [] : [...table.columnDefinitions];
      shown.columns = true;
      return eventOf(event, stringifyJson({ ...head, metadata: {}, columnDefinitions, rows: [row(line)] }));
    },
  };
}

function objectOf(line: Buffer): JsonObject {
  const object = parseJson(line.toString("utf8"));
  return isJsonObject(object) ? object : {};
}

function resourceVersionOf({ metadata }: JsonObject): string {
  const version = isJsonObject(metadata) ? metadata.resourceVersion : undefined;
  return typeof version === "string" ? version : "";
}
