/** The version that requests carry in their User-Agent; a test holds it against package.json. */
export const VERSION = "0.1.0";
