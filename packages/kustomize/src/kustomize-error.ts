import { KubeferryError } from "@kubeferry/model";

/** "not-built": the program refused. "given-up": it took too long or wrote too much, which says nothing of what it builds. */
type KustomizeErrorKind = "not-built" | "given-up";

/** Why a kustomization could not be built. What the program said is in it: it may quote the files that it read. */
export class KustomizeError extends KubeferryError<KustomizeErrorKind> {}
