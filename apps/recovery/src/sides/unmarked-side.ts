import { Buffer } from "node:buffer";
import { emitJson } from "@kubeferry/clean";
import { isJsonObject, parseJson } from "@kubeferry/model";
import { MARK_PREFIX, withoutSyncMarks } from "../drift/sync-marks.ts";
import type { Side, SideObject } from "./side.ts";

/** A cluster's side without Argo CD's own annotations, as files are read: they are there only from the first sync on. */
export function unmarkedSide(side: Side): Side {
  return {
    ...side,
    async *objects(type, skip, call) {
      for await (const object of side.objects(type, skip, call)) yield unmarked(object);
    },
  };
}

function unmarked(object: SideObject): SideObject {
  if (!object.readable || !object.line.includes(MARK_PREFIX)) return object;
  const whole = parseJson(object.line.toString("utf8"));
  return isJsonObject(whole) ? { ...object, line: Buffer.from(emitJson(withoutSyncMarks(whole)), "utf8") } : object;
}
