import type { Secret } from "@kubeferry/model";
import { secretForms } from "./secret-forms.ts";

/** What stands where a secret stood. */
export const MASK = "***";

/** Takes secrets out of texts. */
export interface Redactor {
  /** From now on the value, and what it looks like encoded, is replaced wherever it appears. An empty one is ignored. */
  add(secret: Secret): void;
  /** The text without registered values, without credentials in URLs, and without those of HTTP authentication. */
  text(text: string): string;
}

/** A redactor that knows nothing yet. */
export function createRedactor(): Redactor {
  const texts = new Set<string>();
  const base64 = new Set<string>();
  const state: { pattern: RegExp | undefined } = { pattern: undefined };

  return {
    add(secret) {
      const forms = secretForms(secret.reveal());
      for (const form of forms.texts) texts.add(form);
      for (const form of forms.base64) base64.add(form);
      state.pattern = texts.size === 0 ? undefined : patternOf(texts, base64);
    },
    text(text) {
      // Registered values first: masking what merely looks like a credential could cut one in two.
      const known = state.pattern === undefined ? text : text.replace(state.pattern, MASK);
      return maskCredentials(known);
    },
  };
}

function patternOf(texts: ReadonlySet<string>, base64: ReadonlySet<string>): RegExp {
  const digit = "[A-Za-z0-9+/_-]?";
  return new RegExp(`${digit}(?:${anyOf(base64)})${digit}={0,2}|${anyOf(texts)}`, "g");
}

// The longest first: a form can begin with another one.
function anyOf(forms: ReadonlySet<string>): string {
  const longestFirst = [...forms].sort((left, right) => right.length - left.length);
  return longestFirst.map(escapeForRegExp).join("|");
}

// RegExp.escape is not in every Node this runs on.
function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

// Each looks for a short fixed beginning, so that a long line without any costs one pass.
const CREDENTIALS: readonly (readonly [RegExp, string])[] = [
  // https://user:password@host
  [/(?<=:\/\/)[^\s/?#"'<>]*@/g, `${MASK}@`],
  // Authorization: Bearer abc1 (a word without a digit or an end mark is prose: "basic authentication")
  [
    /\b(Bearer|Basic|token)( +)(?:(?=[^\s"']*[\d=])[A-Za-z0-9+/=._~-]{8,}|[A-Za-z0-9+/=._~-]*\*{3}[A-Za-z0-9+/=._~*-]*)/gi,
    `$1$2${MASK}`,
  ],
  // ?access_token=abc&X-Amz-Signature=def
  [
    /([?&](?:access_token|private_token|token|password|secret|sig|signature|x-amz-signature|x-amz-credential|x-amz-security-token)=)[^&\s"'#]+/gi,
    `$1${MASK}`,
  ],
];

function maskCredentials(text: string): string {
  return CREDENTIALS.reduce((masked, [pattern, replacement]) => masked.replace(pattern, replacement), text);
}

/** One for the process: whoever learns a secret registers it, and every log leaves it out, also one opened before. */
export const processRedactor = createRedactor();

/** Registers a secret for every log of this process. */
export function redact(secret: Secret): void {
  processRedactor.add(secret);
}

/** A text for people (an error on its way to stderr) without the registered secrets and without credentials in URLs. */
export function redactText(text: string): string {
  return processRedactor.text(text);
}
