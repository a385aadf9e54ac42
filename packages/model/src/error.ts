import type { SecurityEvent } from "./security-event.ts";

/** What an error is made of; the message is built from it and never holds a secret or an answer's body. */
export interface ErrorParts<Kind extends string> {
  readonly kind: Kind;
  /** Who speaks: "s3", "kube", "config", "gitea". */
  readonly who: string;
  /** What was being done, with its target: "list backups/prod/". */
  readonly operation: string;
  /** What went wrong, in one sentence. */
  readonly problem: string;
  /** What to do next, in one sentence. */
  readonly next?: string;
  readonly cause?: unknown;
  /** What whoever guards the system counts it as. */
  readonly security?: SecurityEvent | undefined;
}

/**
 * The root of every error this project throws on purpose. Code branches on `kind`; people read the message:
 * `who: operation: kind: problem; next`.
 */
export abstract class KubeferryError<Kind extends string = string> extends Error {
  readonly kind: Kind;
  readonly who: string;
  readonly operation: string;
  readonly problem: string;
  readonly next: string | undefined;
  readonly security: SecurityEvent | undefined;

  constructor(parts: ErrorParts<Kind>) {
    super(messageOf(parts), parts.cause === undefined ? undefined : { cause: parts.cause });
    this.name = new.target.name;
    this.kind = parts.kind;
    this.who = parts.who;
    this.operation = parts.operation;
    this.problem = parts.problem;
    this.next = parts.next;
    this.security = parts.security;
  }
}

function messageOf(parts: ErrorParts<string>): string {
  const said = `${parts.who}: ${parts.operation}: ${parts.kind}: ${parts.problem}`;
  return parts.next === undefined ? said : `${said}; ${parts.next}`;
}
