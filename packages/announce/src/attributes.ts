import { z } from "zod";

/**
 * Left out of what is written into logs and shown to people: line ends, and characters that steer a terminal or turn a
 * text. Written so that other languages' JSON Schema libraries read it, too.
 */
const NOT_SHOWN = "\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069";
const SHOWN = new RegExp(`^[^${NOT_SHOWN}]*$`);

/** A text of at most so many characters that may be logged and shown. */
export const shown = (most: number) => z.string().min(1).max(most).regex(SHOWN);

/** RFC 3339, UTC. */
export const TIME = z.iso.datetime();

/** Of an event. */
export const ID = shown(200);
