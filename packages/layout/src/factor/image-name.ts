import { emitYaml } from "@kubeferry/clean";

/** The parts of an image. */
export interface ImageParts {
  readonly name: string;
  readonly tag?: string;
  /** "sha256:…" */
  readonly digest?: string;
}

/** A registry takes 255 characters of a name, 128 of a tag and 71 of a digest: anything longer is somebody's joke. */
const MAX_LENGTH = 512;

const FORM = /^([a-zA-Z0-9][\w.-]*(?::\d+(?=\/))?(?:\/[\w.-]+)*)(?::([\w.-]+))?(?:@(sha256:[0-9a-f]+))?$/;

/** The parts of an image whose form leaves no doubt about them; undefined for any other text. */
export function imageParts(image: string): ImageParts | undefined {
  if (image.length > MAX_LENGTH) return undefined;
  const [, name, tag, digest] = FORM.exec(image) ?? [];
  if (name === undefined || isMisread(image)) return undefined;
  return { name, ...(tag === undefined ? {} : { tag }), ...(digest === undefined ? {} : { digest }) };
}

/** Whether YAML reads something else in it than a text: kustomize writes what it has changed without quotes. */
function isMisread(image: string): boolean {
  return !/[/@]/.test(image) && emitYaml(image) !== `${image}\n`;
}

/**
 * Whether kustomize takes a text for an image of this name. It makes a regular expression of the name; of names that
 * `imageParts` gives only the dot means something there: any character but a line break. So none is built here, where names
 * come from strangers.
 */
export function isImageOf(image: string, name: string): boolean {
  const behind = behindName(image, name);
  return behind !== undefined && BEHIND.test(behind);
}

/** As kustomize has it. */
const BEHIND = /^(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$/;

const DOT = 0x2e;
const LINE_BREAK = 0x0a;

function behindName(image: string, name: string): string | undefined {
  let place = 0;
  for (let index = 0; index < name.length; index++) {
    const wanted = name.charCodeAt(index);
    const found = image.codePointAt(place);
    if (found === undefined || (wanted === DOT ? found === LINE_BREAK : found !== wanted)) return undefined;
    place += found > 0xffff ? 2 : 1;
  }
  return image.slice(place);
}
