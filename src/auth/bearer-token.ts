/**
 * The token of `Authorization: Bearer …` (RFC 6750 §2.1; the scheme is case-insensitive), or null for anything else.
 */
export const bearerToken = (authorization: string): string | null =>
  /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization.trim())?.[1] ?? null;
