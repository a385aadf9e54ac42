import { code, type ImageChange } from "@kubeferry/layout";

/** "`quay.io/acme/web` `1.4` → `1.5`"; both names in full where it is another image. */
export function imageText({ before, after }: ImageChange): string {
  const [old, now] = [nameLength(before), nameLength(after)];
  const name = before.slice(0, old);
  if (name !== after.slice(0, now)) return `${code(before)} → ${code(after)}`;
  return `${code(name)} ${version(before.slice(old))} → ${version(after.slice(now))}`;
}

/** Where an image's tag or digest begins; a colon before the last slash is a port's. */
function nameLength(image: string): number {
  const at = image.indexOf("@");
  const end = at < 0 ? image.length : at;
  const colon = image.lastIndexOf(":", end - 1);
  return colon > image.lastIndexOf("/", end - 1) ? colon : end;
}

function version(tagOrDigest: string): string {
  return tagOrDigest === "" ? "without a tag" : code(tagOrDigest.slice(1));
}
