import type { KubeApi, ListRequest } from "@kubeferry/kube";
import { typeName } from "@kubeferry/model";

/** Writes down which lists a run asks for: "configmaps metadata", "configmaps whole", "configmaps only map-7". */
export function notingLists(kube: KubeApi, asked: string[]): KubeApi {
  return {
    ...kube,
    list(type, request, call) {
      asked.push(`${typeName(type)} ${howAsked(request)}`);
      return kube.list(type, request, call);
    },
  };
}

function howAsked({ metadataOnly, only }: ListRequest): string {
  if (only !== undefined) return `only ${only.name}`;
  return metadataOnly === true ? "metadata" : "whole";
}
