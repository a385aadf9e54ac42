import { apiVersionOf, type ResourceType } from "@kubeferry/model";
import type { Form, ListMetadata } from "./form.ts";

/** The captured bytes. */
export function jsonForm(type: ResourceType): Form {
  return {
    contentType: "application/json",
    one: (line) => line,
    open: () => openList({ kind: `${type.kind}List`, apiVersion: apiVersionOf(type) }, "items"),
    item: (line) => line,
    separator: ",",
    close: closeList,
    event: (event, line) => eventOf(event, line.toString("utf8")),
  };
}

/** The beginning of a list in JSON: what is known of it, up to where its items begin. */
export function openList(head: object, items: "items" | "rows"): string {
  return `${JSON.stringify(head).slice(0, -1)},"${items}":[`;
}

/** Its end; the metadata stand there because where a page ends is known last. */
export function closeList(metadata: ListMetadata): string {
  return `],"metadata":${JSON.stringify(metadata)}}`;
}

/** One message of a watch. */
export function eventOf(type: string, object: string): string {
  return `{"type":"${type}","object":${object}}\n`;
}
