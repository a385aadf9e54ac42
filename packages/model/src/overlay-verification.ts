/**
 * What building the overlays of a repository showed, where `gitops.verify` asks for it. Every overlay is in one of three
 * states: as it is to be, different, or not verified.
 */
export interface OverlayVerification {
  /** What built them: a program, or this project's own model of it where there was none. */
  readonly by: "kustomize" | "kubectl" | "model";
  /** Overlays that were built and compared, those that differ included. */
  readonly overlays: number;
  /** Objects that were built and compared. */
  readonly objects: number;
  /** How many differences there are. A run that finds one stops before anything is pushed. */
  readonly differing: number;
  /** The first hundred of them. */
  readonly differences: readonly OverlayDifference[];
  readonly notVerified: readonly UnverifiedOverlay[];
}

/** One thing that an overlay builds otherwise than it is to. Names and places, never a value. */
export interface OverlayDifference {
  /** From the root of the repository: "namespaces/shop/prod". */
  readonly overlay: string;
  readonly environment: string;
  /**
   * "differs": the object is built, and not as it is to be. "missing": it is not built. "unexpected": it is built, and the
   * environment is not to have it. "not-built": the overlay itself cannot be built.
   */
  readonly kind: "differs" | "missing" | "unexpected" | "not-built";
  /** "Deployment shop/web"; absent where the overlay is not built. */
  readonly object?: string;
  /** JSON Pointer of the first place that differs; absent where that itself looks like a credential. */
  readonly path?: string;
  /** Why the overlay is not built, as whoever builds it words that. */
  readonly reason?: string;
}

/** What nothing can be said about: not that it is equal, and not that it differs. */
export interface UnverifiedOverlay {
  /** "namespaces/shop/prod", or a folder of several overlays: "namespaces/shop". */
  readonly overlay: string;
  /**
   * "left-alone": the run does not touch the folder. "beyond-model": only a program could say what it builds. "given-up":
   * the program took too long, or wrote too much.
   */
  readonly because: "left-alone" | "beyond-model" | "given-up";
  readonly reason: string;
}
