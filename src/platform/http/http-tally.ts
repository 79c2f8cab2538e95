/** The number of hosts counted by name. Users who add webhooks must not be able to grow the metrics without limit. */
const MAX_NAMED_HOSTS = 50;
const OTHER = 'other';

/** Requests sent, by host. */
export class HttpTally {
  readonly requests = new Map<string, number>();

  count(host: string): void {
    const name = this.requests.has(host) || this.requests.size < MAX_NAMED_HOSTS ? host : OTHER;
    this.requests.set(name, (this.requests.get(name) ?? 0) + 1);
  }
}
