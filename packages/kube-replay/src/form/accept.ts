/** One form in which a client takes an answer. */
export interface Wish {
  readonly media: "json" | "yaml";
  /** Another object than the stored one: Table, PartialObjectMetadata. */
  readonly as: { readonly kind: string; readonly group: string; readonly version: string } | undefined;
}

/**
 * Reads an Accept header, "application/json;as=Table;v=v1;g=meta.k8s.io,application/json": what the client wants most
 * first. Forms that are not written here (protobuf, CBOR) are left out. No header at all means JSON.
 */
export function wishesOf(accept: string | undefined): Wish[] {
  if (accept === undefined || accept.trim() === "") return [{ media: "json", as: undefined }];
  return accept
    .split(",")
    .map(clauseOf)
    .filter(({ quality }) => quality > 0)
    .toSorted((left, right) => right.quality - left.quality)
    .flatMap(({ media, as }) => (media === undefined ? [] : [{ media, as }]));
}

interface Clause {
  readonly media: Wish["media"] | undefined;
  readonly as: Wish["as"];
  readonly quality: number;
}

const MEDIA: Readonly<Record<string, Wish["media"]>> = {
  "application/json": "json",
  "application/*": "json",
  "*/*": "json",
  "application/yaml": "yaml",
};

function clauseOf(text: string): Clause {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim());
  const values = new Map(parameters.map((parameter) => parameter.split("=", 2) as [string, string]));
  const kind = values.get("as");
  return {
    media: Object.hasOwn(MEDIA, type) ? MEDIA[type] : undefined,
    as: kind === undefined ? undefined : { kind, group: values.get("g") ?? "", version: values.get("v") ?? "" },
    quality: Number(values.get("q") ?? "1"),
  };
}
