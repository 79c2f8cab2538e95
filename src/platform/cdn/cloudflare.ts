import type { HttpService } from '../http/http.module.js';
import { CdnProvider, PurgeFailed } from './cdn-provider.js';
import { callPurgeApi } from './purge-api.js';

interface CloudflareSettings {
  readonly url: string;
  readonly zoneId: string;
  readonly token: string;
}

/** https://developers.cloudflare.com/api/resources/cache/methods/purge/ */
export class CloudflareProvider extends CdnProvider {
  /** The limit of all plans; purging by tag is part of every plan. */
  readonly maxTags = 100;

  constructor(
    private readonly http: HttpService,
    private readonly settings: CloudflareSettings,
  ) {
    super();
  }

  purge(tags: readonly string[]): Promise<void> {
    return this.call({ tags });
  }

  purgeEverything(): Promise<void> {
    return this.call({ purge_everything: true });
  }

  private async call(body: object): Promise<void> {
    const { url, zoneId, token } = this.settings;
    const answer = await callPurgeApi(this.http, {
      url: `${url}/zones/${encodeURIComponent(zoneId)}/purge_cache`,
      headers: { authorization: `Bearer ${token}` },
      body,
    });
    if ((answer as { success?: unknown } | null)?.success !== true)
      throw new PurgeFailed(`Cloudflare did not purge: ${JSON.stringify(answer)?.slice(0, 300)}`, undefined);
  }
}
