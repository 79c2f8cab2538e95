/** Token of `Authorization: Bearer …` (RFC 6750 §2.1; the scheme has no case), or null of anything else. */
export const bearerToken = (authorization: string): string | null =>
  /^Bearer +([\w.~+/-]+=*)$/i.exec(authorization.trim())?.[1] ?? null;
