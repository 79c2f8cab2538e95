import type { HttpService } from '../http/http.module.js';
import { CdnProvider } from './cdn-provider.js';
import { callPurgeApi } from './purge-api.js';

interface GenericSettings {
  readonly url: string;
  readonly token: string | undefined;
}

/** Any server that accepts `POST {"tags": […]}` and `POST {"everything": true}`, and answers 2xx when it has purged. */
export class GenericCdnProvider extends CdnProvider {
  readonly maxTags = 100;

  constructor(
    private readonly http: HttpService,
    private readonly settings: GenericSettings,
  ) {
    super();
  }

  purge(tags: readonly string[]): Promise<void> {
    return this.call({ tags });
  }

  purgeEverything(): Promise<void> {
    return this.call({ everything: true });
  }

  private async call(body: object): Promise<void> {
    const { url, token } = this.settings;
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    await callPurgeApi(this.http, { url, headers, body });
  }
}
