import type { Cleaner } from "@kubeferry/clean";
import type { JsonObject } from "@kubeferry/model";
import { type GitRef, refId } from "../git-ref.ts";
import type { ViewFacts } from "./git-view.ts";

/** An object of a source, and what decides its view. */
interface Asked {
  readonly ref: GitRef;
  /** As the source has it. */
  readonly object: JsonObject;
}

/** The views that were just made of one object of several sources. Nothing of the object before it is kept. */
export interface KnownViews<View> {
  /** The view that was made of the same object of another source; undefined where it may be another one. */
  find(asked: Asked, facts: ViewFacts): View | undefined;
  /** Takes a view that may be a file. */
  keep(asked: Asked, facts: ViewFacts, view: View): void;
}

/** No views yet. @param cleaner the one that all of them are made with */
export function createKnownViews<View extends { readonly object: JsonObject }>(
  cleaner: Pick<Cleaner, "cleansAlike">,
): KnownViews<View> {
  let of = "";
  let known: { readonly object: JsonObject; readonly facts: ViewFacts; readonly view: View }[] = [];
  return {
    find({ ref, object }, facts) {
      if (refId(ref) !== of) return undefined;
      const same = known.find(
        (each) =>
          each.facts.scaled === facts.scaled &&
          each.facts.applications === facts.applications &&
          cleaner.cleansAlike(object, { object: each.object, view: each.view.object }),
      );
      return same?.view;
    },
    keep({ ref, object }, facts, view) {
      const id = refId(ref);
      if (id !== of) known = [];
      of = id;
      known.push({ object, facts, view });
    },
  };
}
