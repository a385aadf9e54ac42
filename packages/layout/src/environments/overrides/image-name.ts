/** An image's name in its parts. */
export interface Image {
  /** Registry and path as they are written: "nginx", "quay.io/acme/web". */
  readonly repository: string;
  readonly tag: string | undefined;
  /** "sha256:…". */
  readonly digest: string | undefined;
}

const DOCKER_HUB = "docker.io/";
const OFFICIAL = "docker.io/library/";

/** Reads "quay.io/acme/web:1.2@sha256:…"; undefined for what names no image, such as a placeholder. */
export function parseImage(text: string): Image | undefined {
  const parts =
    /^([A-Za-z0-9][A-Za-z0-9._:/-]*?)(?::([A-Za-z0-9_][A-Za-z0-9_.-]*))?(?:@([a-z0-9+._-]+:[0-9a-f]+))?$/.exec(text);
  if (parts?.[1] === undefined) return undefined;
  return { repository: parts[1], tag: parts[2], digest: parts[3] };
}

/** Writes it back. */
export function imageText({ repository, tag, digest }: Image): string {
  return `${repository}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
}

/** True for two names of one repository: what names no registry is of Docker Hub, and `nginx` is its `library/nginx`. */
export function sameRepository(one: string, other: string): boolean {
  return fullName(one) === fullName(other);
}

/** The name with its beginning replaced; undefined when it does not begin so. @param from ends in "/" */
export function withPrefix(repository: string, from: string, to: string): string | undefined {
  const name = fullName(repository);
  const prefix = hasRegistry(from) ? hubName(from) : `${DOCKER_HUB}${from}`;
  return name.startsWith(prefix) ? `${to}${name.slice(prefix.length)}` : undefined;
}

function fullName(repository: string): string {
  if (hasRegistry(repository)) return hubName(repository);
  return repository.includes("/") ? `${DOCKER_HUB}${repository}` : `${OFFICIAL}${repository}`;
}

/** Docker Hub has an older name, and leaves `library/` out of the newer one too. */
function hubName(repository: string): string {
  const name = repository.replace(/^index\.docker\.io\//, DOCKER_HUB);
  return /^docker\.io\/[^/]+$/.test(name) ? name.replace(DOCKER_HUB, OFFICIAL) : name;
}

/** The first part is a registry when it could not be the name of a user: it has a dot or a port, or is this machine. */
function hasRegistry(repository: string): boolean {
  const slash = repository.indexOf("/");
  const first = repository.slice(0, Math.max(slash, 0));
  return first === "localhost" || /[.:]/.test(first);
}
