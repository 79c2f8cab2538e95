import type { HttpService } from '../http/http.module.js';
import { CdnProvider } from './cdn-provider.js';
import { callPurgeApi } from './purge-api.js';

interface FastlySettings {
  readonly url: string;
  readonly serviceId: string;
  readonly token: string;
}

/** https://www.fastly.com/documentation/reference/api/purging/ */
export class FastlyProvider extends CdnProvider {
  readonly maxTags = 256;

  constructor(
    private readonly http: HttpService,
    private readonly settings: FastlySettings,
  ) {
    super();
  }

  async purge(tags: readonly string[]): Promise<void> {
    await this.call('purge', { surrogate_keys: tags });
  }

  async purgeEverything(): Promise<void> {
    await this.call('purge_all');
  }

  private async call(action: string, body?: object): Promise<void> {
    const { url, serviceId, token } = this.settings;
    await callPurgeApi(this.http, {
      url: `${url}/service/${encodeURIComponent(serviceId)}/${action}`,
      headers: { 'fastly-key': token },
      ...(body === undefined ? {} : { body }),
    });
  }
}
