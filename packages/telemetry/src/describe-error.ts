import { KubeferryError } from "@kubeferry/model";

/** Causes of causes further down say nothing new. */
const MAX_CAUSES = 6;

/** An error as fields. Other properties of it are left out: clients hang requests, headers and answers on their errors. */
export interface DescribedError {
  readonly name: string;
  readonly message: string;
  /** The kind of our own errors. */
  readonly kind?: string;
  /** The code of the system's errors: "ECONNREFUSED". */
  readonly code?: string;
  /** Only of errors that nobody throws on purpose: there the place matters. */
  readonly stack?: string;
  readonly errors?: readonly (DescribedError | string)[];
  readonly cause?: DescribedError | string;
}

/** An error, with the chain of its causes, as fields. */
export function describeError(error: Error, depth = 0): DescribedError {
  const expected = error instanceof KubeferryError;
  const code = (error as NodeJS.ErrnoException).code;
  return {
    name: error.name,
    ...(expected ? { kind: error.kind } : {}),
    message: error.message,
    ...(typeof code === "string" ? { code } : {}),
    ...(expected || error.stack === undefined ? {} : { stack: error.stack }),
    ...(error instanceof AggregateError ? { errors: error.errors.map((each) => describeCause(each, depth + 1)) } : {}),
    ...(error.cause === undefined ? {} : { cause: describeCause(error.cause, depth + 1) }),
  };
}

function describeCause(cause: unknown, depth: number): DescribedError | string {
  if (depth > MAX_CAUSES) return "further causes left out";
  return cause instanceof Error ? describeError(cause, depth) : `thrown value of type ${typeof cause}`;
}

/** The chain in one line: "s3: list prod/: unavailable: …; because connect ECONNREFUSED 127.0.0.1:9000". */
export function errorText(error: Error): string {
  const texts: string[] = [];
  for (let at: unknown = error; at instanceof Error && texts.length <= MAX_CAUSES; at = at.cause) {
    // An error that wraps another often repeats its message.
    if (!texts.some((text) => text.includes(at instanceof Error ? at.message : ""))) texts.push(at.message);
  }
  return texts.length === 0 ? error.name : texts.join("; because ");
}
