import type { JsonObject } from "@kubeferry/model";
import { typeName } from "@kubeferry/model";
import { scalarAt } from "./scalar-at.ts";

/** How the text is read that a field selector compares; a missing field is "". */
type FieldReader = (object: JsonObject) => string;

/** The fields by which objects of a type can be selected. */
export interface FieldLabels {
  readonly fields: Readonly<Record<string, FieldReader>>;
  /** What an API server answers for any other field. */
  refusal(label: string): string;
}

const NAME: readonly string[] = ["metadata.name"];
const NAMED: readonly string[] = ["metadata.name", "metadata.namespace"];

/** Fields of built-in types beside their names; where a type is not here, it has only those. */
const BUILT_IN: Readonly<Record<string, FieldLabels>> = {
  pods: labels(
    [
      ...NAMED,
      "spec.nodeName",
      "spec.restartPolicy",
      "spec.schedulerName",
      "spec.serviceAccountName",
      "status.phase",
      "status.nominatedNodeName",
    ],
    {
      "spec.host": (object) => scalarAt(object, "spec.nodeName"),
      "spec.hostNetwork": (object) => scalarAt(object, "spec.hostNetwork") || "false",
      "status.podIP": (object) => scalarAt(object, "status.podIP"),
      // Accepted by API servers, and compared with nothing.
      "status.podIPs": () => "",
    },
  ),
  nodes: labels(NAME, { "spec.unschedulable": (object) => scalarAt(object, "spec.unschedulable") || "false" }),
  replicationcontrollers: labels(NAMED, { "status.replicas": (object) => scalarAt(object, "status.replicas") || "0" }),
  namespaces: labels([...NAME, "status.phase"]),
  secrets: labels([...NAMED, "type"]),
  services: labels([...NAMED, "spec.clusterIP", "spec.type"]),
  events: labels(
    [
      ...NAMED,
      "involvedObject.kind",
      "involvedObject.namespace",
      "involvedObject.name",
      "involvedObject.uid",
      "involvedObject.apiVersion",
      "involvedObject.resourceVersion",
      "involvedObject.fieldPath",
      "reason",
      "reportingComponent",
      "type",
    ],
    { source: (object) => scalarAt(object, "source.component") || scalarAt(object, "reportingComponent") },
  ),
  "events.events.k8s.io": labels([
    ...NAMED,
    "regarding.kind",
    "regarding.namespace",
    "regarding.name",
    "regarding.uid",
    "regarding.apiVersion",
    "regarding.resourceVersion",
    "regarding.fieldPath",
    "reason",
    "reportingController",
    "type",
  ]),
  "jobs.batch": {
    ...labels(NAMED, { "status.successful": (object) => scalarAt(object, "status.succeeded") || "0" }),
    refusal: (label) => `field label "${label}" not supported for Job`,
  },
  "certificatesigningrequests.certificates.k8s.io": labels([...NAME, "spec.signerName"]),
  "resourceslices.resource.k8s.io": labels([...NAME, "spec.nodeName", "spec.driver"]),
};

const ORDINARY: FieldLabels = {
  ...labels(NAMED),
  refusal: (label) => `"${label}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
};

/**
 * The fields by which an API server selects objects of this type, and how it refuses others.
 * @param selectable paths of a custom type's `selectableFields`, ".spec.color"; undefined for a built-in type
 * @see k8s.io/kubernetes, the field label conversions and selectable fields of each type
 */
export function fieldLabelsOf(
  type: { readonly group: string; readonly resource: string },
  selectable: readonly string[] | undefined,
): FieldLabels {
  if (selectable !== undefined) return labels([...NAMED, ...selectable.map((path) => path.replace(/^\./, ""))]);
  const name = typeName(type);
  return (Object.hasOwn(BUILT_IN, name) ? BUILT_IN[name] : undefined) ?? ORDINARY;
}

function labels(paths: readonly string[], readers: Readonly<Record<string, FieldReader>> = {}): FieldLabels {
  const read = paths.map((path) => [path, (object: JsonObject) => scalarAt(object, path)] as const);
  return {
    fields: { ...Object.fromEntries(read), ...readers },
    refusal: (label) => `field label not supported: ${label}`,
  };
}
