import type { TypeEntry } from "@kubeferry/snapshot";
import type { Question } from "../answer.ts";
import { ReplayError } from "../replay-error.ts";
import { type Wish, wishesOf } from "./accept.ts";
import type { Form } from "./form.ts";
import { jsonForm } from "./json-form.ts";
import { metadataForm } from "./metadata-form.ts";
import { yamlForm } from "./yaml-form.ts";

/** The first form that a client asks for and that is written here. @throws ReplayError "not-acceptable" when there is none */
export function chooseForm({ request }: Question, type: TypeEntry): Form {
  for (const wish of wishesOf(request.headers.accept)) {
    const form = formOf(wish, type);
    if (form !== undefined) return form;
  }
  const problem = "only these media types are served: application/json, application/yaml";
  throw new ReplayError("not-acceptable", problem);
}

function formOf({ media, as }: Wish, type: TypeEntry): Form | undefined {
  if (as === undefined) return media === "json" ? jsonForm(type) : yamlForm(type);
  if (media !== "json" || as.group !== "meta.k8s.io") return undefined;
  return METADATA.includes(as.kind) && as.version === "v1" ? metadataForm() : undefined;
}

const METADATA: readonly string[] = ["PartialObjectMetadata", "PartialObjectMetadataList"];
