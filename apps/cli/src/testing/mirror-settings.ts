import type { MirrorSettings } from "@kubeferry/backup";

/** What shapes the mirror when nothing is configured. */
export const ordinaryMirror: MirrorSettings = {
  clean: { disable: [], rules: [] },
  layout: { root: "{domain}/{cluster}", key: "{namespace}/{resource}/{name}" },
  backup: {
    secrets: "withhold",
    mirror: {
      enabled: true,
      format: "yaml",
      includeStatus: false,
      includeManagedFields: false,
      maxResourceBytes: 10 * 1024 * 1024,
      validate: false,
    },
  },
};
