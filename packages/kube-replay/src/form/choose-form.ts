import type { TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "../answer.ts";
import { definitionOf } from "../read/definition.ts";
import { ReplayError } from "../replay-error.ts";
import { createTable, type TableOptions } from "../table/create-table.ts";
import { type Wish, wishesOf } from "./accept.ts";
import type { Form } from "./form.ts";
import { jsonForm } from "./json-form.ts";
import { metadataForm } from "./metadata-form.ts";
import { tableForm } from "./table-form.ts";
import { yamlForm } from "./yaml-form.ts";

/** The first form that a client asks for and that is written here. @throws ReplayError "not-acceptable" when there is none */
export async function chooseForm(question: Question, type: TypeEntry): Promise<Form> {
  for (const wish of wishesOf(question.request.headers.accept)) {
    const form = await formOf(wish, question, type);
    if (form !== undefined) return form;
  }
  const problem = "only these media types are served: application/json, application/yaml";
  throw new ReplayError("not-acceptable", problem);
}

async function formOf({ media, as }: Wish, question: Question, type: TypeEntry): Promise<Form | undefined> {
  if (as === undefined) return media === "json" ? jsonForm(type) : yamlForm(type);
  if (media !== "json" || as.group !== "meta.k8s.io") return undefined;
  if (as.kind === "Table" && TABLES.includes(as.version)) return askedTable(question, type, as.version);
  return METADATA.includes(as.kind) && as.version === "v1" ? metadataForm() : undefined;
}

const TABLES: readonly string[] = ["v1", "v1beta1"];
const METADATA: readonly string[] = ["PartialObjectMetadata", "PartialObjectMetadataList"];

/** Ages are counted to the moment of the snapshot: what is shown is what kubectl would have shown then. */
async function askedTable({ catalogue, url, call }: Question, type: TypeEntry, version: string): Promise<Form> {
  const crd = await definitionOf(catalogue, type, call);
  const now = new Date(catalogue.snapshot.manifest.finishedAt);
  return tableForm(createTable(type, { crd, now, includeObject: includedOf(url.searchParams) }), version);
}

function includedOf(query: URLSearchParams): TableOptions["includeObject"] {
  const asked = query.get("includeObject") ?? "";
  if (asked === "" || asked === "Metadata") return "Metadata";
  if (asked === "None" || asked === "Object") return asked;
  throw new ReplayError("bad-request", `includeObject: expected None, Metadata or Object, got "${asked}"`);
}
