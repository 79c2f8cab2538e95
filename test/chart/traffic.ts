import { setTimeout as sleep } from 'node:timers/promises';
import { written } from '../blog/posts.js';
import { type Account, login, register } from '../support/accounts.js';
import { api } from '../support/api.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { query } from '../support/test-database.js';

interface Served {
  readonly url: string;
  readonly databaseUrl: string;
}

const PAGES = [
  ...['/', '/blog/', '/blog/api/posts', '/blog/api/posts?limit=1', '/blog/api/categories'],
  ...['/api/users/ada', '/readyz', '/stats', '/nowhere'],
];

/** While other load keeps the machine busy. */
const PATIENCE_MS = 90_000;

/** Traffic for every panel of the dashboard, good and bad, on a separate server. */
export class Traffic {
  private round = 0;

  private constructor(
    private readonly inkwell: Served,
    private readonly ada: Account,
    private readonly slug: string,
  ) {}

  static async start(inkwell: Served): Promise<Traffic> {
    const id = await register(inkwell, 'ada');
    await query(inkwell.databaseUrl, `UPDATE users SET role = 'admin' WHERE username = 'ada'`);
    const ada = { id, username: 'ada', ...(await login(inkwell, 'ada')) };
    const { slug } = await written(inkwell, ada, { title: 'Observed' });
    return new Traffic(inkwell, ada, slug);
  }

  /** Five concurrent readers, and a writer. */
  async goOn(): Promise<void> {
    this.round += 1;
    const { get, patch } = api(this.inkwell);
    const post = `/blog/api/posts/${this.slug}`;
    const paths = [...PAGES, post, `/blog/posts/${this.slug}`];
    await Promise.all(paths.flatMap((path) => Array.from({ length: 5 }, () => get(path))));
    await patch(post, { content: `Round ${this.round}` }, this.ada.token);
  }

  /** From now on, this address receives an event for every change of a post. */
  async tell(url: string): Promise<void> {
    const { status, body } = await api(this.inkwell).post(
      '/api/webhooks',
      { url, events: ['post.revised'] },
      this.ada.token,
    );
    if (status !== 201) throw new Error(`No webhook: ${JSON.stringify(body)}`);
  }

  /** Repeats until the rate limit refuses. */
  async guessPasswords(): Promise<void> {
    for (let tries = 0; tries < 8; tries += 1) {
      await api(this.inkwell).post('/api/login', { username: 'ada', password: 'a wrong guess' });
    }
  }

  /** Reads that the pool cannot serve at once. */
  async crowd(count: number): Promise<void> {
    const words = Array.from({ length: count }, (_, index) => `q=word${this.round}x${index}`);
    await Promise.all(words.map((word) => api(this.inkwell).get(`/blog/api/posts?${word}`)));
  }

  /** @param isNoticed called until it is true, while readers and the writer continue */
  async withoutRedis(link: TcpProxy, isNoticed: () => Promise<boolean>): Promise<void> {
    link.set('refuse');
    await until('Prometheus has seen failures of Redis', () => this.goOn().then(isNoticed));
    link.set('pass');
  }

  /** @param isNoticed called until it is true, while readers continue */
  async withoutPostgres(link: TcpProxy, isNoticed: () => Promise<boolean>): Promise<void> {
    const { get } = api(this.inkwell);
    link.set('refuse');
    await until('Prometheus has seen failures of PostgreSQL', async () => {
      this.round += 1;
      await Promise.all([get('/readyz'), get(`/blog/api/posts?q=away${this.round}`), get('/blog/api/posts')]);
      return isNoticed();
    });
    link.set('pass');
    await until('the server is ready again', async () => (await get('/readyz')).status === 200);
  }
}

/** @throws an error that names what did not happen in time */
async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`Not within ${PATIENCE_MS / 1000} s: ${what}`);
    await sleep(200);
  }
}
