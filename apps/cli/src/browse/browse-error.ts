import { type ErrorParts, KubeferryError } from "@kubeferry/model";

/** "config": a place that cannot be used; "not-started": the command behind `--`. */
type BrowseErrorKind = "config" | "not-started";

/** Why nothing is served. */
export class BrowseError extends KubeferryError<BrowseErrorKind> {
  constructor(parts: Omit<ErrorParts<BrowseErrorKind>, "who">) {
    super({ ...parts, who: "browse" });
  }
}
