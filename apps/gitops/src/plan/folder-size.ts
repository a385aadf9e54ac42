/** Above this many objects kustomize takes seconds for each overlay. */
const WARN_ABOVE_OBJECTS = 2_000;
/** Above this many objects a build comes near the 90 s after which Argo CD gives up. */
export const LEAVE_OUT_ABOVE_OBJECTS = 5_000;

/** What a folder's size asks for. */
export function judgeSize(objects: number): "fine" | "warn" | "leave-out" {
  if (objects > LEAVE_OUT_ABOVE_OBJECTS) return "leave-out";
  return objects > WARN_ABOVE_OBJECTS ? "warn" : "fine";
}
