import type { KubeErrorKind } from "../kube-error.ts";
import type { KubeRequest } from "./kube-http.ts";

/** What of a Status tells refusals apart. */
interface Refusal {
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly details?: { readonly causes?: readonly { readonly reason?: string | undefined }[] | undefined } | undefined;
}

/** The authorizer's own form of words; whatever else answers 403 is admission. */
const NO_RIGHT = /\bcannot \S+ resource\b/;

/** How an apply answers whose precondition names another UID. */
const ANOTHER_UID = /\bmetadata\.uid: Invalid value\b/;

/**
 * 500, and no later try changes it: fields the schema lacks (server-side apply finds them before validation does), and a
 * webhook that does not answer, which is asked about every object.
 */
const LASTING = /^failed to create typed|field not declared in schema|failed calling webhook/;

/** What an answer to a write means, where it means something else than to a read. */
export function writeRefusal(
  { send }: KubeRequest,
  statusCode: number,
  status: Refusal | undefined,
): KubeErrorKind | undefined {
  if (send === undefined) return undefined;
  // Asks for a review, which changes nothing, or makes an object, whose name may be taken.
  if (send.method === "POST") return statusCode === 409 ? "conflict" : undefined;
  const causes = status?.details?.causes ?? [];
  if (causes.some(({ reason }) => reason === "NamespaceTerminating")) return "terminating";
  const message = status?.message ?? "";
  if (ANOTHER_UID.test(message)) return "conflict";
  switch (statusCode) {
    case 409:
      return "conflict";
    case 403:
      return status === undefined || NO_RIGHT.test(message) ? undefined : "refused";
    case 500:
      return LASTING.test(message.replace(/^Internal error occurred: /, "")) ? "refused" : undefined;
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
      return "refused";
    default:
      return undefined;
  }
}
