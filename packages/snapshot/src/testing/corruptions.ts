import { Buffer } from "node:buffer";
import { compressFrame } from "../blob/compress.ts";
import { sha256Hex } from "../blob/digest.ts";
import { blobKey, manifestKey, segmentKey } from "../keys.ts";
import { canonicalJson } from "../manifest/canonical-json.ts";
import type { SegmentRef, SnapshotManifest, TypeEntry } from "../manifest.ts";
import type { Sealer } from "../protection/age.ts";
import type { Signer } from "../protection/signature.ts";
import type { Random } from "./random.ts";

/** What somebody who may write to the bucket has at hand. */
export interface Attack {
  /** The store under attack; changed in place. */
  readonly files: Map<string, Buffer>;
  /** Another cluster's, signed with the same key. */
  readonly other: ReadonlyMap<string, Buffer>;
  readonly random: Random;
  /** Recipients are public: anybody can encrypt to them. */
  readonly sealer: Sealer;
  /** Of a key that nobody trusts. */
  readonly stranger: Signer;
}

/** One class of damage. */
export interface Corruption {
  readonly name: string;
  /** What readers make of it where nothing is signed. Signed stores refuse every class. */
  readonly unsigned: "refused" | "accepted" | "either";
  /** Changes the signature alone, which unsigned stores do not have. */
  readonly signedOnly?: true;
  damage(attack: Attack): void | Promise<void>;
}

const LAST = 3;

/** Everything that is tried. The table in docs/security.md has the same rows. */
export const CORRUPTIONS: readonly Corruption[] = [
  { name: "a bit of a blob flipped", unsigned: "refused", damage: (attack) => change(attack, anyBlob(attack), flip) },
  { name: "a blob cut short", unsigned: "refused", damage: (attack) => change(attack, anyBlob(attack), cut) },
  { name: "bytes behind a blob", unsigned: "refused", damage: (attack) => change(attack, anyBlob(attack), extend) },
  { name: "a blob gone", unsigned: "refused", damage: (attack) => void attack.files.delete(anyBlob(attack)) },
  {
    name: "two blobs swapped",
    unsigned: "refused",
    damage: (attack) => swap(attack, anyBlob(attack), anyBlob(attack)),
  },
  { name: "two encrypted segments swapped", unsigned: "refused", damage: swapSealed },
  {
    name: "a bit of a manifest flipped",
    unsigned: "either",
    damage: (attack) => change(attack, anyManifest(attack), flip),
  },
  { name: "a manifest cut short", unsigned: "refused", damage: (attack) => change(attack, anyManifest(attack), cut) },
  {
    name: "bytes behind a manifest",
    unsigned: "refused",
    damage: (attack) => change(attack, anyManifest(attack), extend),
  },
  {
    name: "two manifests swapped",
    unsigned: "refused",
    damage: (attack) => swap(attack, manifestAt(1), manifestAt(2)),
  },
  { name: "a manifest replayed under a later number", unsigned: "refused", damage: replay },
  { name: "a manifest of another cluster", unsigned: "refused", damage: copyOther },
  { name: "a manifest that names a path", unsigned: "refused", damage: namePath },
  { name: "a segment that opens to more than it says", unsigned: "refused", damage: bomb },
  { name: "a frame whose header lies about its size", unsigned: "refused", damage: lyingFrame },
  { name: "a segment of two frames", unsigned: "refused", damage: secondFrame },
  { name: "the digests of two encrypted segments swapped in the manifest", unsigned: "refused", damage: swapDigests },
  { name: "a manifest renumbered to be the newest", unsigned: "accepted", damage: renumber },
  { name: "a manifest rewritten to name another cluster's segments", unsigned: "accepted", damage: nameOthers },
  { name: "a manifest rewritten to name forged content", unsigned: "accepted", damage: forgeOpen },
  { name: "a manifest rewritten to name content that anybody encrypted", unsigned: "accepted", damage: forgeSealed },
  {
    name: "a signature cut off",
    unsigned: "refused",
    signedOnly: true,
    damage: (attack) => resign(attack, () => Buffer.alloc(0)),
  },
  {
    name: "a stranger's signature",
    unsigned: "refused",
    signedOnly: true,
    damage: (attack) => resign(attack, (line) => attack.stranger.lineFor(line)),
  },
  { name: "the signature of another manifest", unsigned: "refused", signedOnly: true, damage: transplant },
  { name: "a signature spelled differently", unsigned: "refused", signedOnly: true, damage: respell },
];

function flip(bytes: Buffer, random: Random): Buffer {
  const changed = Buffer.from(bytes);
  const at = random.number(bytes.length);
  changed.writeUInt8(changed.readUInt8(at) ^ (1 << random.number(8)), at);
  return changed;
}

// At least two bytes: a manifest without its last line feed is still the same manifest.
function cut(bytes: Buffer, random: Random): Buffer {
  return bytes.subarray(0, random.number(bytes.length - 1));
}

function extend(bytes: Buffer, random: Random): Buffer {
  const more = random.pick([bytes, Buffer.from("\n"), Buffer.from("{}"), Buffer.alloc(1 + random.number(64), 0x61)]);
  return Buffer.concat([bytes, more]);
}

function change({ files, random }: Attack, key: string, how: (bytes: Buffer, random: Random) => Buffer): void {
  files.set(key, how(bytesOf(files, key), random));
}

function swap({ files }: Attack, left: string, right: string): void {
  const [first, second] = [bytesOf(files, left), bytesOf(files, right)];
  files.set(left, second);
  files.set(right, first);
}

function swapSealed(attack: Attack): void {
  const sealed = [...attack.files.keys()].filter((key) => key.endsWith(".age"));
  swap(attack, sealed[0] ?? "", sealed.at(-1) ?? "");
}

function replay({ files, random }: Attack): void {
  const from = 1 + random.number(LAST);
  files.set(manifestAt(from + 1 + random.number(3)), bytesOf(files, manifestAt(from)));
}

/** With everything it names, so that nothing is missing. */
function copyOther({ files, other, random }: Attack): void {
  for (const [key, bytes] of other) if (!files.has(key)) files.set(key, bytes);
  const key = manifestAt(1 + random.number(LAST));
  files.set(key, bytesOf(other, key));
}

function namePath(attack: Attack): void {
  const path = attack.random.pick(["../../etc/passwd", "/etc/passwd", "..", "a/../../b", "\u0000", "%2e%2e%2f"]);
  const member = attack.random.pick(["sha256", "first", "last", "versions"] as const);
  editSegment(attack, (segment) => ({ ...segment, [member]: path }));
}

async function bomb(attack: Attack): Promise<void> {
  const frame = await compressFrame(Buffer.alloc(8 * 1024 * 1024, 0x20));
  nameInstead(attack, frame, {});
}

/** Says that it holds as many bytes as the manifest says, and holds more. */
async function lyingFrame(attack: Attack): Promise<void> {
  const frame = await compressFrame(Buffer.alloc(8 * 1024 * 1024, 0x20));
  // Descriptor, a window unless the frame is a single segment, then the content's size: RFC 8878, 3.1.1.1.
  const descriptor = frame.readUInt8(4);
  if (descriptor >> 6 !== 2) throw new Error("the size in the frame's header has another length than this test knows");
  const sizeAt = (descriptor & 0x20) === 0 ? 6 : 5;
  editSegment(attack, (segment) => {
    frame.writeUInt32LE(segment.rawBytes, sizeAt);
    return storeInstead(attack, segment, frame);
  });
}

async function secondFrame(attack: Attack): Promise<void> {
  const more = await compressFrame(Buffer.from("{}\n"));
  editSegment(attack, (segment) =>
    storeInstead(attack, segment, Buffer.concat([bytesOf(attack.files, segmentKey(segment)), more])),
  );
}

function swapDigests(attack: Attack): void {
  edit(attack, LAST, (manifest) => {
    const segments = manifest.types.flatMap((type) => type.segments.filter(({ sealed }) => sealed !== undefined));
    const [left, right] = [segments[0], segments.at(-1)];
    const swapped = (segment: SegmentRef): SegmentRef => {
      const by = segment === left ? right : segment === right ? left : undefined;
      return by === undefined ? segment : { ...segment, sha256: by.sha256, sizeBytes: by.sizeBytes };
    };
    return withSegments(manifest, swapped);
  });
}

function renumber(attack: Attack): void {
  const from = 1 + attack.random.number(2);
  const parent = sha256Hex(bytesOf(attack.files, manifestAt(LAST)));
  const line = canonicalJson({ ...manifestOf(attack.files, from), sequence: LAST + 1, parent });
  attack.files.set(manifestAt(LAST + 1), Buffer.concat([line, signatureOf(attack.files, from)]));
}

function nameOthers(attack: Attack): void {
  for (const [key, bytes] of attack.other) if (!attack.files.has(key)) attack.files.set(key, bytes);
  const { types, objects } = manifestOf(attack.other, LAST);
  edit(attack, LAST, (manifest) => ({ ...manifest, types, objects }));
}

async function forgeOpen(attack: Attack): Promise<void> {
  const forged = await forgedSegment(attack, false);
  editSegment(attack, (segment) => ({ ...segment, ...forged }));
}

async function forgeSealed(attack: Attack): Promise<void> {
  const forged = await forgedSegment(attack, true);
  edit(attack, LAST, (manifest) =>
    withSegments(manifest, (segment, type) => (type.resource === "secrets" ? { ...segment, ...forged } : segment)),
  );
}

/** Whole in itself: object, state, counts and digests fit each other. */
async function forgedSegment({ files, sealer, random }: Attack, seal: boolean) {
  const version = String(random.number(1_000_000));
  const metadata = { name: "forged", namespace: "shop", uid: "forged", resourceVersion: version };
  const raw = Buffer.from(`${JSON.stringify({ kind: "Any", apiVersion: "v1", metadata })}\n`);
  const state = Buffer.from(`${JSON.stringify({ k: "shop/forged", u: "forged", v: version })}\n`);
  const frame = await compressFrame(raw);
  const bytes = seal ? await sealer.seal(frame) : frame;
  const stateFrame = await compressFrame(state);
  files.set(blobKey("segments", sha256Hex(bytes), seal), bytes);
  files.set(blobKey("state", sha256Hex(stateFrame)), stateFrame);
  return {
    ...refOf(bytes),
    ...{ rawBytes: raw.length, objects: 1, first: "shop/forged", last: "shop/forged", versions: sha256Hex(state) },
    state: refOf(stateFrame),
  };
}

function resign({ files, random }: Attack, how: (line: Buffer) => Buffer): void {
  const key = manifestAt(1 + random.number(LAST));
  const line = lineOf(bytesOf(files, key));
  files.set(key, Buffer.concat([line, how(line)]));
}

function transplant(attack: Attack): void {
  resign(attack, (line) => {
    const other = attack.random.pick(
      [1, 2, 3].filter((sequence) => !lineOf(bytesOf(attack.files, manifestAt(sequence))).equals(line)),
    );
    return signatureOf(attack.files, other);
  });
}

/** Unused bits of base64's last letter, blanks, another order of members: none of them changes what is signed. */
function respell({ files, random }: Attack): void {
  const key = manifestAt(1 + random.number(LAST));
  const bytes = bytesOf(files, key);
  const text = bytes.subarray(lineOf(bytes).length).toString("latin1");
  const spellings = [
    text.replace(/(.)==/, (_all, letter: string) => `${String.fromCharCode(letter.charCodeAt(0) + 1)}==`),
    text.replace(":", ": "),
    text.replace("==", ""),
    text.trimEnd(),
    `${text}\n`,
  ];
  files.set(key, Buffer.concat([lineOf(bytes), Buffer.from(random.pick(spellings), "latin1")]));
}

/** Puts other bytes in the place of a segment that the newest manifest names, digest and size included. */
function nameInstead(attack: Attack, bytes: Buffer, more: Partial<SegmentRef>): void {
  editSegment(attack, (segment) => ({ ...storeInstead(attack, segment, bytes), ...more }));
}

function storeInstead({ files }: Attack, segment: SegmentRef, bytes: Buffer): SegmentRef {
  files.set(blobKey("segments", sha256Hex(bytes)), Buffer.from(bytes));
  return { ...segment, ...refOf(bytes) };
}

/** Rewrites the first open segment of the newest manifest. */
function editSegment(attack: Attack, how: (segment: SegmentRef) => SegmentRef): void {
  const seen = { done: false };
  edit(attack, LAST, (manifest) =>
    withSegments(manifest, (segment) => {
      if (seen.done || segment.sealed !== undefined) return segment;
      seen.done = true;
      return how(segment);
    }),
  );
}

function withSegments(
  manifest: SnapshotManifest,
  how: (segment: SegmentRef, type: TypeEntry) => SegmentRef,
): SnapshotManifest {
  const types = manifest.types.map((type) => {
    const segments = type.segments.map((segment) => how(segment, type));
    return { ...type, segments, objects: segments.reduce((total, { objects }) => total + objects, 0) };
  });
  return { ...manifest, types, objects: types.reduce((total, { objects }) => total + objects, 0) };
}

/** Rewrites a manifest's own line and leaves the signature as it was. */
function edit({ files }: Attack, sequence: number, how: (manifest: SnapshotManifest) => SnapshotManifest): void {
  const line = canonicalJson(how(manifestOf(files, sequence)));
  files.set(manifestAt(sequence), Buffer.concat([line, signatureOf(files, sequence)]));
}

function manifestOf(files: ReadonlyMap<string, Buffer>, sequence: number): SnapshotManifest {
  return JSON.parse(lineOf(bytesOf(files, manifestAt(sequence))).toString("utf8")) as SnapshotManifest;
}

function signatureOf(files: ReadonlyMap<string, Buffer>, sequence: number): Buffer {
  const bytes = bytesOf(files, manifestAt(sequence));
  return bytes.subarray(lineOf(bytes).length);
}

function lineOf(bytes: Buffer): Buffer {
  return bytes.subarray(0, bytes.indexOf("\n") + 1);
}

function manifestAt(sequence: number): string {
  return manifestKey("default", sequence);
}

function anyManifest({ random }: Attack): string {
  return manifestAt(1 + random.number(LAST));
}

function anyBlob({ files, random }: Attack): string {
  return random.pick([...files.keys()].filter((key) => /^_snapshots\/(segments|state|api)\//.test(key)));
}

function refOf(bytes: Buffer) {
  return { sha256: sha256Hex(bytes), sizeBytes: bytes.length };
}

function bytesOf(files: ReadonlyMap<string, Buffer>, key: string): Buffer {
  const bytes = files.get(key);
  if (bytes === undefined) throw new Error(`${key} is missing`);
  return bytes;
}
