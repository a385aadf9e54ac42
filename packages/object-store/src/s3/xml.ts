import { XMLParser } from "fast-xml-parser";

/** Values stay texts: a key "1e3" is no number, and blanks belong to it. */
const parser = new XMLParser({
  parseTagValue: false,
  trimValues: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  removeNSPrefix: true,
  htmlEntities: true,
  isArray: (name) => name === "Contents" || name === "CommonPrefixes",
});

/** A parsed element: what lies in it by name. */
export type XmlElement = Readonly<Record<string, unknown>>;

/** @returns the document's element of that name; undefined when the text is no such document */
export function parseXml(text: string, name: string): XmlElement | undefined {
  try {
    return elementIn(parser.parse(text) as unknown, name);
  } catch {
    // Proxies answer with HTML and plain text: no document of ours, whatever is wrong with it.
    return undefined;
  }
}

/** The text of a child; undefined when there is none. */
export function textIn(element: XmlElement, name: string): string | undefined {
  const value = element[name];
  return typeof value === "string" ? value : undefined;
}

/** The children of a name that the parser makes an array of. */
export function elementsIn(element: XmlElement, name: string): readonly XmlElement[] {
  const value = element[name];
  return Array.isArray(value) ? value.filter(isElement) : [];
}

function elementIn(value: unknown, name: string): XmlElement | undefined {
  const child = isElement(value) ? value[name] : undefined;
  return isElement(child) ? child : undefined;
}

function isElement(value: unknown): value is XmlElement {
  return typeof value === "object" && value !== null;
}
