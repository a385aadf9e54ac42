import { isJsonObject, type JsonObject, parseJson, stringifyJson } from "@kubeferry/model";
import type { Form } from "./form.ts";
import { closeList, eventOf, openList } from "./json-form.ts";

const META = "meta.k8s.io/v1";

/** Objects without anything but their metadata: what clients ask for that look at owners, labels and names alone. */
export function metadataForm(): Form {
  return {
    contentType: "application/json",
    one: metadataOf,
    open: () => openList({ kind: "PartialObjectMetadataList", apiVersion: META }, "items"),
    item: metadataOf,
    separator: ",",
    close: closeList,
    event: (event, line) => eventOf(event, metadataOf(line)),
  };
}

function metadataOf(line: Buffer): string {
  const object = parseJson(line.toString("utf8"));
  const metadata: JsonObject = isJsonObject(object) && isJsonObject(object.metadata) ? object.metadata : {};
  return stringifyJson({ kind: "PartialObjectMetadata", apiVersion: META, metadata });
}
