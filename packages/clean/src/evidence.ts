import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "@kubeferry/model";
import { ownsField } from "./managed-fields.ts";
import { ownValue, type Path, valueAt } from "./path.ts";

/** The annotation in which client-side `kubectl apply` keeps what it was given. */
export const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * Who wants which field of an object, read before cleaning takes the places away where that is written. Built once an
 * object; nothing is parsed until a rule asks.
 */
export interface Evidence {
  /**
   * True for an object as an API server returns it. One without uid and resourceVersion has been cleaned or written
   * by hand: what it holds was put there on purpose.
   */
  readonly isLive: boolean;
  /** True when last-applied or a server-side `Apply` has the field, or when they cannot be read. */
  isOwned(path: Path): boolean;
  /** True also when any client wrote the field by create, update or patch; controllers count as clients. */
  isWritten(path: Path): boolean;
}

/** Reads the evidence an object carries about itself. */
export function createEvidence(object: JsonObject): Evidence {
  const metadata = ownValue(object, "metadata");
  const managers = managersOf(metadata);
  let lastApplied: { readonly value: JsonValue | undefined } | undefined;
  const inLastApplied = (path: Path): boolean => {
    lastApplied ??= { value: lastAppliedOf(metadata) };
    return holds(lastApplied.value, object, path);
  };
  return {
    isLive: ownValue(metadata, "uid") !== undefined || ownValue(metadata, "resourceVersion") !== undefined,
    isOwned: (path) =>
      inLastApplied(path) || managers.some((one) => one.isApply && ownsField(one.fields, object, path)),
    isWritten: (path) => inLastApplied(path) || managers.some((one) => ownsField(one.fields, object, path)),
  };
}

interface Manager {
  readonly isApply: boolean;
  readonly fields: JsonValue | undefined;
}

function managersOf(metadata: JsonValue | undefined): Manager[] {
  const entries = ownValue(metadata, "managedFields");
  if (!Array.isArray(entries)) return [];
  return entries.map((entry) => ({
    isApply: ownValue(entry, "operation") === "Apply",
    fields: ownValue(entry, "fieldsV1"),
  }));
}

/** Stands for a last-applied annotation that is no JSON: whoever wrote it meant something, so everything counts as meant. */
const UNREADABLE = "unreadable";

function lastAppliedOf(metadata: JsonValue | undefined): JsonValue | undefined {
  const text = ownValue(ownValue(metadata, "annotations"), LAST_APPLIED);
  if (typeof text !== "string") return undefined;
  try {
    const parsed = parseJson(text);
    return isJsonObject(parsed) ? parsed : UNREADABLE;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return UNREADABLE;
    throw error;
  }
}

/** True when the applied value has something at the path of the live one. */
function holds(applied: JsonValue | undefined, live: JsonValue | undefined, path: Path): boolean {
  if (applied === undefined) return false;
  if (applied === UNREADABLE) return true;
  const [step, ...rest] = path;
  if (step === undefined) return true;
  if (typeof step === "string") return holds(ownValue(applied, step), ownValue(live, step), rest);
  if (!Array.isArray(applied)) return false;
  const element = valueAt(live, [step]);
  const twins = applied.filter((one) => isSameElement(one, element));
  // An element that cannot be told from others is taken for each of them: keeping too much changes nothing.
  return (twins.length > 0 ? twins : applied).some((one) => holds(one, element, rest));
}

/** The fields by which Kubernetes tells the elements of its lists apart. */
const IDENTITY = ["name", "port", "containerPort", "protocol", "key"] as const;

function isSameElement(applied: JsonValue, live: JsonValue | undefined): boolean {
  return IDENTITY.every((field) => {
    const wanted = ownValue(applied, field);
    return wanted === undefined || wanted === ownValue(live, field);
  });
}
