import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "@kubeferry/model";
import { equalJson } from "./equal.ts";
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
  /**
   * True when last-applied or a server-side `Apply` has the field, or when they cannot be read.
   * @param controllers managers whose Apply is their way of writing and nobody's wish
   */
  isOwned(path: Path, controllers?: readonly string[]): boolean;
  /** True also when any client wrote the field by create, update or patch; controllers count as clients. */
  isWritten(path: Path): boolean;
  /** True when somebody applied the object, whatever of it but its status. */
  isApplied(controllers?: readonly string[]): boolean;
  /** Who wrote the field, by the book of managedFields. */
  writersOf(path: Path): readonly Writer[];
}

/** One entry of managedFields. */
interface Writer {
  /** "" where the entry names none. */
  readonly name: string;
  readonly isApply: boolean;
  /** True for what was written through a subresource, such as status. */
  readonly isOfSubresource: boolean;
  /** True when the same entry holds this field too. */
  holds(path: Path): boolean;
}

/** Reads the evidence an object carries about itself. */
export function createEvidence(object: JsonObject): Evidence {
  const metadata = ownValue(object, "metadata");
  const managers = managersOf(object, metadata);
  let lastApplied: { readonly value: JsonValue | undefined } | undefined;
  const inLastApplied = (path: Path): boolean => {
    lastApplied ??= { value: lastAppliedOf(metadata) };
    return holds(lastApplied.value, object, path);
  };
  const appliers = (controllers: readonly string[]): readonly Writer[] =>
    managers.filter((one) => one.isApply && !controllers.includes(one.name));
  return {
    isLive: ownValue(metadata, "uid") !== undefined || ownValue(metadata, "resourceVersion") !== undefined,
    isOwned: (path, controllers = []) => inLastApplied(path) || appliers(controllers).some((one) => one.holds(path)),
    isWritten: (path) => inLastApplied(path) || managers.some((one) => one.holds(path)),
    isApplied: (controllers = []) =>
      ownValue(ownValue(metadata, "annotations"), LAST_APPLIED) !== undefined ||
      appliers(controllers).some((one) => !one.isOfSubresource),
    writersOf: (path) => managers.filter((one) => one.holds(path)),
  };
}

function managersOf(object: JsonObject, metadata: JsonValue | undefined): Writer[] {
  const entries = ownValue(metadata, "managedFields");
  if (!Array.isArray(entries)) return [];
  return entries.map((entry) => {
    const name = ownValue(entry, "manager");
    return {
      name: typeof name === "string" ? name : "",
      isApply: ownValue(entry, "operation") === "Apply",
      isOfSubresource: ownValue(entry, "subresource") !== undefined,
      holds: (path) => ownsField(ownValue(entry, "fieldsV1"), object, path),
    };
  });
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
  if (rest.length === 0) return applied.some((one) => mayBe(one, element));
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

/** Whether the applied element can be this one: maps by what tells them apart, all else by its value. */
function mayBe(applied: JsonValue, live: JsonValue | undefined): boolean {
  if (!isJsonObject(applied) || !isJsonObject(live)) return live !== undefined && equalJson(applied, live);
  return isSameElement(applied, live);
}
