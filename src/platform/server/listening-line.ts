const EVERYWHERE = ['0.0.0.0', '::'];

/** The address that the server listens on, with a note if other machines may reach it. */
export function listeningLine(host: string, port: number): string {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return EVERYWHERE.includes(host)
    ? `${place}, which other machines may reach (HOST=127.0.0.1 allows this one only)`
    : place;
}
