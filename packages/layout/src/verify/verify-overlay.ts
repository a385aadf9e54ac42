import { Buffer } from "node:buffer";
import { CleanError } from "@kubeferry/clean";
import { KustomizeError } from "@kubeferry/kustomize";
import type { Call, OverlayDifference, UnverifiedOverlay } from "@kubeferry/model";
import { findCredential } from "@kubeferry/snapshot";
import { contentIn } from "../catalog.ts";
import type { Content } from "../content.ts";
import { kustomizationPath, liesBeside } from "../folders/file-name.ts";
import type { LaidOutEnvironment, WantedFile } from "../folders/folder-layout.ts";
import { GitOpsError } from "../gitops-error.ts";
import type { LastLook } from "../guard/check-bytes.ts";
import type { IntendedObjects } from "../plan/plan.ts";
import type { TipFolder } from "../repository/read-tip.ts";
import { overlayPlace, type RepositoryShape } from "../shape/shape.ts";
import type { Spool } from "../spool.ts";
import type { CommittedOverlay } from "./committed-overlay.ts";
import { type Comparison, compareBuilt } from "./compare-built.ts";
import type { OverlayBuilder } from "./overlay-builder.ts";

/** One overlay of a plan. */
export interface PlannedOverlay {
  readonly folder: string;
  readonly environment: LaidOutEnvironment;
  /** What its folder is to hold. */
  readonly wanted: ReadonlyMap<string, WantedFile>;
  readonly intended: IntendedObjects;
  /** Its folder in the base branch. */
  readonly there: TipFolder;
}

/** What overlays are built with and looked through for. */
export interface VerifyingWith {
  readonly builder: OverlayBuilder;
  readonly shape: RepositoryShape;
  readonly spool: Spool;
  readonly lastLook: Pick<LastLook, "holdsSecret">;
}

/** What is known of one overlay. */
export type OverlayVerdict =
  | { readonly state: "nothing-to-build" }
  | { readonly state: "not-verified"; readonly overlay: UnverifiedOverlay }
  | { readonly state: "compared"; readonly objects: number; readonly differences: readonly OverlayDifference[] };

/** Builds an overlay from the bytes that will be committed, and compares it with what its environment is to have. */
export async function verifyOverlay(
  planned: PlannedOverlay,
  using: VerifyingWith,
  call: Call,
): Promise<OverlayVerdict> {
  const { builder, shape, spool } = using;
  call.signal.throwIfAborted();
  const contents = intendedContents(planned);
  const name = planned.environment.name;
  if (contents.length === 0 && !planned.wanted.has(kustomizationPath(name))) return { state: "nothing-to-build" };
  const where = { overlay: overlayPlace(shape, planned.folder, name), environment: name };
  const strays = strayFiles(planned);
  if (builder.by === "model" && strays[0] !== undefined) {
    const reason = `people put ${shape.place(planned.folder, strays[0])} beside a generated kustomization, and only kustomize could say what that makes`;
    return { state: "not-verified", overlay: { overlay: where.overlay, because: "beyond-model", reason } };
  }
  const built = builder.build(committed(planned, where.overlay, strays, using), call);
  try {
    return compared(await compareBuilt(built, contents, (content) => spool.read(content)), where, using);
  } catch (error) {
    if (!isOfBuild(error)) throw error;
    return unbuilt(error, where, using);
  }
}

/** What is to be built of what the environment is to have. */
function intendedContents({ intended, environment }: PlannedOverlay): readonly Content[] {
  return intended.entries.flatMap((entry) => (liesBeside(entry.ref) ? [] : (contentIn(entry, environment) ?? [])));
}

/** The other names by which kustomize finds a kustomization; it refuses a folder with two. */
const OTHER_FILES = ["kustomization.yml", "Kustomization"];

/** Kustomizations that people put beside one that the overlay is built from. */
function strayFiles(planned: PlannedOverlay): readonly string[] {
  const { wanted, there } = planned;
  const read = foldersOf(planned).filter((folder) => wanted.has(kustomizationPath(folder)));
  return read
    .flatMap((folder) => OTHER_FILES.map((file) => `${folder}/${file}`))
    .filter((path) => there.digests.has(path));
}

/** The folders that an overlay is built from. */
function foldersOf({ environment: { name, standalone } }: PlannedOverlay): readonly string[] {
  return standalone ? [name] : ["base", name];
}

/** The overlay's own files and its base's, as they will be in the repository. */
function committed(
  planned: PlannedOverlay,
  place: string,
  strays: readonly string[],
  { shape, spool }: VerifyingWith,
): CommittedOverlay {
  const { folder, wanted, environment } = planned;
  const isRead = (path: string) => foldersOf(planned).some((each) => path.startsWith(`${each}/`));
  const paths = [...[...wanted.keys()].filter(isRead), ...strays];
  return {
    environment: environment.name,
    place,
    files: new Map(paths.map((path) => [path, shape.place(folder, path)])),
    // Of what people put there only the name counts: kustomize refuses it, whatever is in it.
    async read(path) {
      const content = wanted.get(path)?.content;
      return content === undefined ? undefined : spool.read(content);
    },
  };
}

type Where = Pick<OverlayDifference, "overlay" | "environment">;

function compared({ objects, differences }: Comparison, where: Where, using: VerifyingWith): OverlayVerdict {
  const all = differences.map(({ path, ...difference }) => {
    const named = path === undefined ? undefined : shown(path, using);
    return { ...where, ...difference, ...(named === undefined ? {} : { path: named }) };
  });
  return { state: "compared", objects, differences: all };
}

/** Of a build that was given up nobody knows what it would have come to. */
function unbuilt(error: BuildError, where: Where, using: VerifyingWith): OverlayVerdict {
  const { overlay } = where;
  const reason = shown(error.problem, using) ?? "what it said looks like it holds a credential, and is not shown";
  if (error.kind === "given-up") {
    return {
      state: "not-verified",
      overlay: { overlay, because: "given-up", reason: `${using.builder.by}: ${reason}` },
    };
  }
  return { state: "compared", objects: 0, differences: [{ ...where, kind: "not-built", reason }] };
}

/** Keys and messages of programs may quote what must not be shown; undefined for a text that does. */
function shown(text: string, { lastLook }: VerifyingWith): string | undefined {
  const isSecret = lastLook.holdsSecret(text) || findCredential(Buffer.from(text, "utf8")) !== undefined;
  return isSecret ? undefined : text;
}

type BuildError = KustomizeError | CleanError | GitOpsError;

function isOfBuild(error: unknown): error is BuildError {
  if (error instanceof KustomizeError || error instanceof CleanError) return true;
  return error instanceof GitOpsError && error.kind === "damaged";
}
