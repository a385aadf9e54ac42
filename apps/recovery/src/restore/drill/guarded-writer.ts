import type { KubeWriter } from "@kubeferry/kube";
import { type Call, labelOf } from "@kubeferry/model";
import { RecoveryError } from "../../recovery-error.ts";
import { targetOf } from "../apply/target-of.ts";
import { DRILL_LABEL } from "./drill-mark.ts";
import { isMadeByUs, NAMESPACES } from "./made-objects.ts";

/**
 * A writer that writes into namespaces which this run has made, and into no other: whoever makes one of that name while
 * the drill is being planned finds nothing in it. Each namespace is looked at once, before the first write into it.
 */
export function guardedWriter(writer: KubeWriter, run: string): KubeWriter {
  const ours = new Map<string, Promise<boolean>>();

  async function isOurs(name: string, call: Call): Promise<boolean> {
    const { verbs: _, namespaced: __, ...type } = NAMESPACES;
    const live = await writer.read(targetOf({ ...type, name }), call);
    return live !== undefined && labelOf(live, DRILL_LABEL) === run && isMadeByUs(live);
  }

  return {
    ...writer,
    async apply(target, object, request, call) {
      const { namespace } = target;
      if (namespace !== undefined && !request.dryRun) {
        const looked = ours.get(namespace) ?? isOurs(namespace, call);
        ours.set(namespace, looked);
        if (!(await looked)) throw foreign(namespace);
      }
      return writer.apply(target, object, request, call);
    },
  };
}

function foreign(namespace: string): RecoveryError {
  return new RecoveryError({
    kind: "conflict",
    who: "restore",
    operation: "drill",
    problem: `namespace ${namespace} was made by somebody else meanwhile; nothing was written into it`,
    next: "run the drill again with another --namespace-prefix",
  });
}
