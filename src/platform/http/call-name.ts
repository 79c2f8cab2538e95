/** `GET example.org:8080`, for messages: never a path or query, which may hold a secret. */
export const callName = (method: string | undefined, target: URL | null): string =>
  [(method ?? 'GET').toUpperCase(), target?.host].filter(Boolean).join(' ');
