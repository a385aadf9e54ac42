import { KubeferryError } from "@kubeferry/model";

/** "not-built": the program ended with an error, took too long, or wrote too much. */
type KustomizeErrorKind = "not-built";

/** Why a kustomization could not be built. What the program said is in it: it may quote the files that it read. */
export class KustomizeError extends KubeferryError<KustomizeErrorKind> {}
