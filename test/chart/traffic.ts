import { setTimeout as sleep } from 'node:timers/promises';
import { written } from '../blog/posts.js';
import { type Account, registerAndLogin } from '../support/accounts.js';
import { api } from '../support/api.js';
import type { TcpProxy } from '../support/tcp-proxy.js';

interface Served {
  readonly url: string;
}

const PAGES = [
  ...['/', '/blog/', '/blog/api/posts', '/blog/api/posts?limit=1', '/blog/api/categories'],
  ...['/api/users/ada', '/readyz', '/stats', '/nowhere'],
];

/** Everything that the dashboard has a panel for, good and bad, on a server of its own. */
export class Traffic {
  private round = 0;

  private constructor(
    private readonly inkwell: Served,
    private readonly ada: Account,
    private readonly slug: string,
  ) {}

  static async start(inkwell: Served): Promise<Traffic> {
    const ada = await registerAndLogin(inkwell, 'ada');
    const { slug } = await written(inkwell, ada, { title: 'Observed' });
    return new Traffic(inkwell, ada, slug);
  }

  /** Readers, five at once, and a writer. */
  async goOn(): Promise<void> {
    this.round += 1;
    const { get, patch } = api(this.inkwell);
    const post = `/blog/api/posts/${this.slug}`;
    const paths = [...PAGES, post, `/blog/posts/${this.slug}`];
    await Promise.all(paths.flatMap((path) => Array.from({ length: 5 }, () => get(path))));
    await patch(post, { content: `Round ${this.round}` }, this.ada.token);
  }

  /** Until the limit refuses. */
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

  /** @param isNoticed asked until it holds, while requests go on */
  async withoutServer(link: TcpProxy, isNoticed: () => Promise<boolean>): Promise<void> {
    link.set('refuse');
    const { get } = api(this.inkwell);
    for (;;) {
      this.round += 1;
      await Promise.all([get('/readyz'), get(`/blog/api/posts?q=away${this.round}`), get('/blog/api/posts')]);
      if (await isNoticed()) break;
      await sleep(200);
    }
    link.set('pass');
    while ((await get('/readyz')).status !== 200) await sleep(100);
  }
}
