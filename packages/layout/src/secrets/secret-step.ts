import { Buffer } from "node:buffer";
import type { Cleaner } from "@kubeferry/clean";
import { type JsonObject, type ResourceType, textAt } from "@kubeferry/model";
import type { Catalog } from "../catalog.ts";
import type { Content } from "../content.ts";
import type { SettingsOf } from "../environments/settings.ts";
import type { Findings } from "../findings.ts";
import { type GitRef, refId } from "../git-ref.ts";
import type { Environment } from "../read/open-sources.ts";
import type { Source } from "../read/source.ts";
import { noteOfSecret } from "../select/secret-note.ts";
import type { Spool } from "../spool.ts";
import { cleanSecret, unusableSecret } from "./clean-secret.ts";
import type { Fingerprint, SecretVersion } from "./fingerprint.ts";
import type { SecretPlace, SecretWriter, WrittenSecret } from "./secret-writer.ts";

/** A Secret that belongs to what is adopted. */
export interface AdoptedSecret {
  readonly folder: string;
  readonly type: ResourceType;
  readonly ref: GitRef;
  readonly object: JsonObject;
}

/** What the step asks of a run. */
export interface SecretContext {
  /** Undefined: Git holds names only. */
  readonly writer: SecretWriter | undefined;
  readonly fingerprint: Fingerprint;
  readonly source: Source;
  readonly environments: readonly Environment[];
  readonly settingsOf: SettingsOf;
  readonly cleaner: Cleaner;
  readonly catalog: Catalog;
  readonly findings: Findings;
  readonly spool: Spool;
  /** Why labels and annotations, which no mode encrypts, must stay out; undefined when nothing in them is a credential. */
  scan(object: JsonObject, ref: GitRef): string | undefined;
  /** Whether the cluster has an ExternalSecret or SealedSecret there that is not from a repository of ours. */
  isTheirs(ref: GitRef): boolean;
  /** True when a text holds a Secret's value in clear. */
  holdsSecret(text: string): boolean;
  /** Files of this run by what they follow from: equal Secrets of two clusters share one, although encryption is random. */
  readonly made: Map<string, Content>;
  /** Secrets that went their way in this run, by `settledKey`: what stood for one before does so no longer. */
  readonly settled: Set<string>;
}

/** One text for one Secret of one source. */
export function settledKey(source: string, secret: GitRef): string {
  return `${source} ${refId(secret)}`;
}

/** Puts a Secret into the catalogue in the configured way, or on the list of those that people have to provide. */
export async function takeSecret(secret: AdoptedSecret, context: SecretContext): Promise<void> {
  const { writer, findings, settled, source } = context;
  const note = noteOfSecret({ ...secret, source: source.id });
  if (note === undefined) return;
  const key = settledKey(source.id, secret.ref);
  if (writer === undefined) {
    findings.noteSecret(note);
    settled.add(key);
    return;
  }
  if (note.value === "withheld" && writer.needsValues) {
    findings.noteSecret(note);
    return;
  }
  const written = note.value === "empty" ? "there is nothing in it" : await writeSecret(secret, writer, context);
  if (typeof written === "string") findings.noteSecret({ ...note, reason: written });
  else settled.add(key);
}

/** @returns why it cannot be written, when it cannot */
async function writeSecret(
  { folder, object, type, ref }: AdoptedSecret,
  writer: SecretWriter,
  context: SecretContext,
): Promise<string | undefined> {
  const { source, catalog, findings } = context;
  const unusable = unusableSecret(object);
  if (unusable !== undefined) return unusable;
  const secret = cleanSecret(object, type, context.cleaner, (text) => context.holdsSecret(text));
  const { labels, annotations } = secret;
  const refused = writer.needsValues ? context.scan({ metadata: { labels, annotations } }, ref) : undefined;
  if (refused !== undefined) return refused;
  const files = new Map<string, { readonly content: Content; readonly ref: GitRef }>();
  for (const place of placesOf(secret.namespace, context)) {
    const recipe = `${writer.recipe} ${writer.distinguish(place)}`;
    const fingerprint = writer.random ? context.fingerprint(secret, versionOf(object, source), recipe) : undefined;
    if (writer.random && fingerprint === undefined) return NOT_COMPARABLE;
    const written = await writer.write(secret, place);
    if (context.isTheirs(written.ref)) {
      return `the cluster has ${written.ref.kind} ${written.ref.name} for it, which is not from this repository`;
    }
    // Names and keys stay as they are written: one of them can say what a value says.
    if (context.holdsSecret(written.text)) return "its name, type or a key reads like the value of a Secret";
    files.set(place.environment, { ref: written.ref, content: await stored(written, fingerprint, context) });
  }
  const [first] = files.values();
  if (first === undefined) return "no environment is made from its cluster";
  const variants = [...files].flatMap(([environment, { content }]) =>
    content.sha256 === first.content.sha256 ? [] : [[environment, content] as const],
  );
  catalog.add(folder, source.id, first.ref, first.content, { variants: new Map(variants) });
  findings.take(folder);
  return undefined;
}

/** Without either, a value that changed could not be told from one that did not, and the old file would stay for good. */
const NOT_COMPARABLE =
  "nothing would tell when it changes: files carry no versions that can be relied on; give encryption.identities";

/** Only a cluster keeps versions: a file says what it said when somebody copied it. */
function versionOf(object: JsonObject, { cluster }: Source): SecretVersion | undefined {
  const [uid, resourceVersion] = [textAt(object, "metadata", "uid"), textAt(object, "metadata", "resourceVersion")];
  if (cluster.uid === undefined || uid === undefined || resourceVersion === undefined) return undefined;
  return { uid, resourceVersion };
}

/** A tree of files does not say when it was written, and the clock would give other bytes at every run. */
const NO_TIME = "1970-01-01T00:00:00Z";

function placesOf(namespace: string, { environments, source, settingsOf }: SecretContext): readonly SecretPlace[] {
  const { cluster, takenAt = NO_TIME } = source;
  return environments
    .filter((environment) => environment.source === source.id)
    .map(({ name }) => ({
      domain: cluster.domain,
      cluster: cluster.name,
      environment: name,
      namespace: settingsOf(namespace, name).namespace ?? namespace,
      takenAt,
    }));
}

/** The same fingerprint gives the same bytes in one run. Nothing of a value reaches the disk: the text is encrypted. */
async function stored(
  { text, ref }: WrittenSecret,
  fingerprint: string | undefined,
  { spool, made }: SecretContext,
): Promise<Content> {
  if (fingerprint === undefined) return { ...(await spool.put(Buffer.from(text, "utf8"))), secret: {} };
  const key = `${fingerprint} ${refId(ref)}`;
  const content = made.get(key) ?? { ...(await spool.put(Buffer.from(text, "utf8"))), secret: { fingerprint } };
  made.set(key, content);
  return content;
}
