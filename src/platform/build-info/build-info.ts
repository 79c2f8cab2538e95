import { createRequire } from 'node:module';

const manifest = createRequire(import.meta.url)('../../../package.json') as { name: string; version: string };

/** Name and version for metrics, /stats and the OpenAPI document. */
export const buildInfo = {
  service: manifest.name,
  version: manifest.version,
  node: process.versions.node,
} as const;
