const PROBE = /^\/(?:livez|readyz|startupz|health|metrics)(?:\?|$)/;

/** Is this path, with or without a query, one that programs request every few seconds to monitor the process? */
export const isProbe = (path: string): boolean => PROBE.test(path);
