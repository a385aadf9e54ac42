import { KubeError, type KubeWriter } from "@kubeferry/kube";
import { type Call, type JsonObject, KubeferryError } from "@kubeferry/model";
import type { PlanEntry } from "../restore-plan.ts";
import { failureOf, type Outcome } from "./ledger.ts";
import type { OwnerLinks } from "./linked-owners.ts";
import { type MarkOf, type Seen, seenOf } from "./look.ts";
import { metadataOf, sameContent, says } from "./same-content.ts";
import { targetOf } from "./target-of.ts";

/** What writing needs. */
export interface Writing {
  readonly writer: KubeWriter;
  readonly links: OwnerLinks;
  readonly markOf: MarkOf;
}

/** An object that keeps moving under us is not the one that the plan saw. */
const TRIES = 4;

/** What is there becomes what is wanted, whoever wrote it. */
const TAKE = { dryRun: false, force: true, answer: "metadata" } as const;

const GONE: Outcome = { kind: "changed", reason: "changed since the plan was made: it is gone" };

/**
 * Writes one object, provided that the target still holds what the plan saw there. What an earlier run of the same plan
 * has done is recognised by its result: writing it again would change nothing.
 * @param wanted the whole object, owners linked
 * @param seen what is there under its name; undefined for nothing
 * @throws what ends the run: the caller stopped, or the API server cannot be reached or does not know us any more
 */
export async function writeEntry(
  entry: PlanEntry,
  wanted: JsonObject,
  seen: Seen | undefined,
  writing: Writing,
  call: Call,
): Promise<Outcome> {
  try {
    if (entry.action === "create") return await create(entry, wanted, seen, writing, call);
    return await change(entry, wanted, seen, writing, call);
  } catch (error) {
    return outcomeOf(error);
  }
}

/** Whether the API server would take an object that the plan could not ask it about; undefined: it would. */
export async function tryEntry(
  entry: PlanEntry,
  wanted: JsonObject,
  { writer }: Pick<Writing, "writer">,
  call: Call,
): Promise<Outcome | undefined> {
  try {
    await writer.apply(targetOf(entry.object), wanted, { dryRun: true, force: true, answer: "metadata" }, call);
    return undefined;
  } catch (error) {
    return outcomeOf(error);
  }
}

/** What becomes of an object that was as it should be when the plan was made, and that no list has now. */
export async function whetherGone(entry: PlanEntry, { writer }: Pick<Writing, "writer">, call: Call): Promise<Outcome> {
  try {
    const live = await writer.read(targetOf(entry.object), call);
    return live === undefined ? GONE : { kind: "unchanged" };
  } catch (error) {
    return outcomeOf(error);
  }
}

async function create(
  entry: PlanEntry,
  wanted: JsonObject,
  seen: Seen | undefined,
  writing: Writing,
  call: Call,
): Promise<Outcome> {
  const target = targetOf(entry.object);
  if (seen !== undefined) return doneBefore(entry, wanted, writing, call);
  try {
    // Without force: what somebody else made since we looked keeps its fields.
    const request = { dryRun: false, force: false, answer: "metadata" } as const;
    const written = await writing.writer.apply(target, wanted, request, call);
    writing.links.learn(entry.object, written.uid);
    return { kind: "created", warnings: written.warnings };
  } catch (error) {
    if (error instanceof KubeError && error.kind === "conflict") return doneBefore(entry, wanted, writing, call);
    throw error;
  }
}

async function change(
  entry: PlanEntry,
  wanted: JsonObject,
  first: Seen | undefined,
  writing: Writing,
  call: Call,
): Promise<Outcome> {
  const target = targetOf(entry.object);
  let seen = first;
  for (let tries = 1; seen !== undefined && isAsPlanned(seen, entry); tries++) {
    const precondition = { uid: seen.mark.uid, resourceVersion: seen.resourceVersion };
    try {
      const written =
        entry.action === "replace"
          ? await replace(entry, wanted, precondition, writing, call)
          : await writing.writer.apply(target, wanted, { ...TAKE, precondition }, call);
      writing.links.learn(entry.object, written.uid);
      return { kind: entry.action === "replace" ? "replaced" : "updated", warnings: written.warnings };
    } catch (error) {
      if (!(error instanceof KubeError) || error.kind !== "conflict" || tries >= TRIES) throw error;
      // Its status moves too; what the plan saw of it is asked again.
      const live = await writing.writer.read(target, call);
      seen = live === undefined ? undefined : seenOf(live, entry.object, writing.markOf);
    }
  }
  return doneBefore(entry, wanted, writing, call);
}

function isAsPlanned({ mark }: Seen, { live }: PlanEntry): boolean {
  return live !== undefined && mark.uid === live.uid && mark.digest === live.digest;
}

/** Finalizers stay: whoever put them there is at work in this cluster. */
async function replace(
  entry: PlanEntry,
  wanted: JsonObject,
  precondition: { readonly uid: string; readonly resourceVersion: string },
  { writer }: Writing,
  call: Call,
) {
  const live = (await writer.read(targetOf(entry.object), call)) ?? {};
  return writer.replace(targetOf(entry.object), withFinalizersOf(live, wanted), { dryRun: false, precondition }, call);
}

function withFinalizersOf(live: JsonObject, wanted: JsonObject): JsonObject {
  const { finalizers: theirs } = metadataOf(live);
  const { finalizers: ours } = metadataOf(wanted);
  const all = [...new Set([theirs, ours].flatMap((list) => (Array.isArray(list) ? list : [])))];
  return all.length === 0 ? wanted : { ...wanted, metadata: { ...metadataOf(wanted), finalizers: all } };
}

/** What is there is not what the plan saw: an earlier run of it may have made it so. */
async function doneBefore(
  entry: PlanEntry,
  wanted: JsonObject,
  { writer, links }: Writing,
  call: Call,
): Promise<Outcome> {
  const target = targetOf(entry.object);
  const live = await writer.read(target, call);
  if (live === undefined) return GONE;
  const { uid, resourceVersion } = metadataOf(live);
  const precondition = { uid: String(uid), resourceVersion: String(resourceVersion) };
  // Not asked about: admission that was restored with it may refuse a question by now.
  if (entry.action !== "replace" && says(live, wanted)) {
    links.learn(entry.object, precondition.uid);
    return { kind: "unchanged" };
  }
  const again =
    entry.action === "replace"
      ? await writer.replace(target, withFinalizersOf(live, wanted), { dryRun: true, precondition }, call)
      : await writer.apply(target, wanted, { dryRun: true, force: true }, call);
  if (!sameContent(again.object, live)) return { kind: "changed", reason: changedWords(entry) };
  links.learn(entry.object, precondition.uid);
  return { kind: "unchanged" };
}

function changedWords({ action }: PlanEntry): string {
  return action === "create"
    ? "changed since the plan was made: it was not there, and is now with another content"
    : "changed since the plan was made";
}

function outcomeOf(error: unknown): Outcome {
  if (!(error instanceof KubeferryError) || endsRun(error)) throw error;
  return { kind: "failed", failure: failureOf(error) };
}

/** Nothing that comes after it can do better. */
function endsRun(error: KubeferryError): boolean {
  if (!(error instanceof KubeError)) return false;
  return error.kind === "unauthorized" || error.kind === "config" || error.unanswered === "not-sent";
}
