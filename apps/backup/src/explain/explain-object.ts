import { Buffer } from "node:buffer";
import { type KubeApi, objectPath } from "@kubeferry/kube";
import {
  type Call,
  isJsonObject,
  type JsonObject,
  matchesSelector,
  objectKey,
  parseJson,
  parseSelector,
  type ResourceType,
  typeName,
} from "@kubeferry/model";
import { type Config, compileTypePattern } from "@kubeferry/shared-config";
import { BackupError } from "../backup-error.ts";
import type { ObjectFilter } from "../filter/object-filter.ts";
import { isOwned, ownerRuleApplies, type ReadTypes } from "../filter/owner-rule.ts";
import { createSelection, type Selection } from "../filter/selection.ts";

/** An object as people name it. */
export interface NamedObject {
  /** A plural or kind, with or without its group, in any case. */
  readonly type: string;
  readonly namespace?: string;
  readonly name: string;
}

/** What a run would do with one object, and which rule decides. */
export interface ExplainedObject {
  /** "deployments.apps shop/web" */
  readonly object: string;
  readonly taken: boolean;
  /** What decides: a rule about its type, or one about itself. */
  readonly decidedBy: "type" | "object";
  readonly reason: string;
  readonly detail: string;
}

/**
 * Reads one object and decides about it as a run would.
 * @throws BackupError "invalid" for a type that is not served, not known for sure, or lacks its namespace
 * @throws KubeError "not-found" and whatever else reading it can give
 */
export async function explainObject(
  wanted: NamedObject,
  { kube, config }: { readonly kube: Pick<KubeApi, "discover" | "get">; readonly config: Config },
  call: Call,
): Promise<ExplainedObject> {
  const selection = createSelection(config.backup);
  const { types } = await kube.discover(call);
  const type = findType(wanted.type, types, selection);
  if (type.namespaced && wanted.namespace === undefined) throw refused(wanted, "it lies in a namespace; name that too");
  const key = objectKey(type.namespaced ? wanted.namespace : undefined, wanted.name);
  const object = `${typeName(type)} ${key}`;
  const verdict = selection.verdict(type);
  const { reason, detail } = verdict;
  if (!verdict.taken) return { object, taken: false, decidedBy: "type", reason, detail };
  const line = await kube.get(objectPath(type, type.namespaced ? wanted.namespace : undefined, wanted.name), call);
  const filter = selection.objects(type);
  const left =
    filter.leftOut({ key, line }) ?? unlabelled(filter, line) ?? ownedBy({ key, line }, type, types, selection);
  if (left === undefined) return { object, taken: true, decidedBy: "type", reason, detail };
  return { object, taken: false, decidedBy: "object", reason: left, detail: detailOf(left, filter) };
}

/** One type for a word: its full name before all others, then core's, then the one that is taken. */
function findType(word: string, types: readonly ResourceType[], selection: Selection): ResourceType {
  const { matches, namesFully } = compileTypePattern(word);
  const fitting = types.filter(matches);
  const best = [
    fitting.filter(namesFully),
    fitting.filter(({ group }) => group === ""),
    fitting.filter((type) => selection.verdict(type).taken),
    fitting,
  ].find((some) => some.length > 0);
  const [only, ...others] = best ?? [];
  if (only === undefined) throw refused({ type: word }, "the API server serves no such type");
  if (others.length === 0) return only;
  throw refused({ type: word }, `it could be ${[only, ...others].map(typeName).join(", ")}; name one of them`);
}

/** In a run the API server applies the label selector; of one object it can be told here. */
function unlabelled({ scope }: ObjectFilter, line: Buffer): "label_selector" | undefined {
  if (scope?.labelSelector === undefined) return undefined;
  const { metadata } = parseJson(line.toString("utf8")) as JsonObject;
  const labels = isJsonObject(metadata) && isJsonObject(metadata.labels) ? metadata.labels : {};
  return matchesSelector(parseSelector(scope.labelSelector), labels) ? undefined : "label_selector";
}

function ownedBy(
  { key, line }: { readonly key: ReturnType<typeof objectKey>; readonly line: Buffer },
  type: ResourceType,
  types: readonly ResourceType[],
  selection: Selection,
): "owned" | undefined {
  if (!selection.ownerRule || !ownerRuleApplies(type)) return undefined;
  const taken = types.filter((each) => selection.verdict(each).taken);
  const read: ReadTypes = new Map(taken.map((each) => [typeName(each), selection.objects(each)]));
  return isOwned({ key, line: compact(line) }, read) ? "owned" : undefined;
}

/** The rule looks at lines, which have no white space between their tokens. */
function compact(line: Buffer): Buffer {
  return Buffer.from(JSON.stringify(JSON.parse(line.toString("utf8"))));
}

function detailOf(reason: string, { scope }: ObjectFilter): string {
  if (reason === "label_selector") return scope?.labelSelector ?? "";
  if (reason === "annotation_selector") return scope?.annotationSelector ?? "";
  if (reason === "owned") return "made by a controller that is in the snapshot, if its type can be read";
  const lists = reason.startsWith("namespace") ? scope?.namespaces : scope?.names;
  return `include: [${lists?.include.join(", ") ?? ""}], exclude: [${lists?.exclude.join(", ") ?? ""}]`;
}

function refused({ type, name }: { readonly type: string; readonly name?: string }, problem: string): BackupError {
  const operation = `explain ${name === undefined ? type : `${type}/${name}`}`;
  return new BackupError({ kind: "invalid", who: "backup", operation, problem });
}
