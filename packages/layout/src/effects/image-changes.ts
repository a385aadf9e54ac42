import type { JsonObject } from "@kubeferry/model";
import { parseImage } from "../environments/overrides/image-name.ts";
import { mapImages } from "../factor/container-images.ts";

/** An image that an environment runs another version of, or another image in its place. */
export interface ImageChange {
  readonly before: string;
  readonly after: string;
}

/** The images that differ between two versions of an object, container by container; texts that are no images are left out. */
export function imageChanges(before: JsonObject, after: JsonObject): readonly ImageChange[] {
  const old = new Map<string, string>();
  mapImages(before, (image, place) => {
    old.set(place, image);
    return image;
  });
  const changes: ImageChange[] = [];
  mapImages(after, (image, place) => {
    const was = old.get(place);
    const isClear = was !== undefined && parseImage(was) !== undefined && parseImage(image) !== undefined;
    if (isClear && was !== image) changes.push({ before: was, after: image });
    return image;
  });
  return changes;
}
