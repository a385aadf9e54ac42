import type { KubeApi } from "@kubeferry/kube";
import { type Call, typeName } from "@kubeferry/model";
import type { Config } from "@kubeferry/shared-config";
import type { CaptureScope } from "@kubeferry/snapshot";
import { isOpenShift } from "../filter/open-shift.ts";
import type { TypeVerdict } from "../filter/reason.ts";
import { createSelection } from "../filter/selection.ts";

/** What is decided about one served type. */
type ExplainedType = TypeVerdict & {
  /** "deployments.apps" */
  readonly resource: string;
  /** Which of its objects are looked at; null: all, or the type is left out. */
  readonly scope: CaptureScope | null;
};

/** What a run would do with every type that is served now. */
export interface Explanation {
  readonly openShift: boolean;
  /** In the order in which discovery gives them. */
  readonly types: readonly ExplainedType[];
  /** Groups that do not answer: their types are unread in a run. */
  readonly silent: readonly { readonly group: string; readonly version: string; readonly reason: string }[];
  /** Entries of the filter that fit nothing. */
  readonly warnings: readonly string[];
}

/** Decides about every type as a run would; nothing but discovery is read. @throws KubeError */
export async function explainTypes(
  { kube, config }: { readonly kube: Pick<KubeApi, "discover">; readonly config: Config },
  call: Call,
): Promise<Explanation> {
  const selection = createSelection(config.backup);
  const discovery = await kube.discover(call);
  return {
    openShift: isOpenShift(discovery),
    types: discovery.types.map((type) => {
      const verdict = selection.verdict(type);
      return { resource: typeName(type), ...verdict, scope: (verdict.taken && selection.objects(type).scope) || null };
    }),
    silent: discovery.stale,
    warnings: selection.idle(discovery.types),
  };
}
