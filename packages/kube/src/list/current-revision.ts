import { type Call, type ResourceType, typeName } from "@kubeferry/model";
import { z } from "zod";
import { type Ask, parseAnswer } from "../http/ask.ts";
import { KubeError } from "../kube-error.ts";
import { listPath, whenListForbidden } from "./list-path.ts";

const Page = z.object({ metadata: z.object({ resourceVersion: z.string().min(1) }) });

/** The revision a list of the type would stand for now; the promises are those of `KubeApi.currentRevision`. */
export async function currentRevision(type: ResourceType, ask: Ask, call: Call): Promise<string> {
  const operation = `read the revision of ${typeName(type)}`;
  const path = listPath(type, {}, { size: 1, token: "", revision: "" });
  const answer = await ask({ operation, path, whenForbidden: whenListForbidden(type, undefined) }, call);
  const page = Page.safeParse(parseAnswer(answer, operation));
  if (page.success) return page.data.metadata.resourceVersion;
  throw new KubeError({ kind: "invalid", who: "kube", operation, problem: "the server keeps no revisions of it" });
}
