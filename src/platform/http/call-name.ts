/** `GET example.org:8080`, for messages. Never a path or query, which may contain a secret. */
export const callName = (method: string | undefined, target: URL | null): string =>
  [(method ?? 'GET').toUpperCase(), target?.host].filter(Boolean).join(' ');
