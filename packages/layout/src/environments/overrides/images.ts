import type { JsonObject } from "@kubeferry/model";
import { editAt, editText } from "./edit-json.ts";
import { type Image, imageText, parseImage, sameRepository, withPrefix } from "./image-name.ts";
import { podSpecPath } from "./pod-templates.ts";
import type { OnFit, OverriddenObject, Rule } from "./rule.ts";

/** What becomes of an image, or of all whose names begin alike. */
export interface ImageRule {
  /** "docker.io/library/nginx", or "registry.dev.example.com/": then it is the beginning of many. */
  readonly from: string;
  readonly to?: string;
  readonly tag?: string;
  readonly digest?: string;
}

const CONTAINERS = ["initContainers", "containers", "ephemeralContainers"];

/**
 * A workload with its images as the rules say. Every rule is held against the image that the source has; of those that
 * fit, the last with `to` decides the name and the last with `tag` or `digest` the version, so that a registry and a
 * version can be changed by two rules.
 */
export function overrideImages(
  object: JsonObject,
  rules: readonly Rule<ImageRule>[],
  { ref }: OverriddenObject,
  onFit: OnFit,
): JsonObject {
  const spec = podSpecPath(ref);
  if (spec === undefined || rules.length === 0) return object;
  const change = editText((text) => overrideImage(text, rules, onFit));
  return CONTAINERS.reduce((changed, list) => editAt(changed, [...spec, list, "[]", "image"], change), object);
}

function overrideImage(text: string, rules: readonly Rule<ImageRule>[], onFit: OnFit): string {
  const image = parseImage(text);
  if (image === undefined) return text;
  const fitting = rules.filter(({ value }) => renamed(image, value) !== undefined);
  for (const rule of fitting) onFit(rule);
  const naming = fitting.findLast(({ value }) => value.to !== undefined)?.value;
  const version = fitting.findLast(({ value }) => value.tag !== undefined || value.digest !== undefined)?.value;
  const repository = (naming && renamed(image, naming)) ?? image.repository;
  if (version !== undefined) return imageText({ repository, tag: version.tag, digest: version.digest });
  return naming === undefined ? text : imageText({ ...image, repository });
}

/** The name that a rule gives an image; undefined when it does not fit. */
function renamed({ repository }: Image, { from, to }: ImageRule): string | undefined {
  if (from.endsWith("/")) return withPrefix(repository, from, to ?? from);
  return sameRepository(repository, from) ? (to ?? repository) : undefined;
}
