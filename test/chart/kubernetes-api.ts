import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Manifest } from './chart.js';

const resource = (kind: string) => ({
  kind,
  name: `${kind.toLowerCase()}s`,
  singularName: kind.toLowerCase(),
  namespaced: true,
  verbs: ['get'],
});

/** The resources that Helm requests from a cluster before it renders: the existing kinds, and the objects in `lookup`. */
export class KubernetesApi {
  /** `secrets/name` → its version */
  readonly versions = new Map<string, string>();

  private constructor(private readonly kinds: ReadonlyMap<string, Set<string>>) {}

  /** @param manifests whose kinds the cluster knows, besides Secrets and ConfigMaps */
  static async start(
    manifests: readonly Manifest[],
  ): Promise<{ api: KubernetesApi; url: string; stop: () => void }> {
    const kinds = new Map([['v1', new Set(['Secret', 'ConfigMap'])]]);
    for (const { apiVersion, kind } of manifests)
      kinds.set(apiVersion, (kinds.get(apiVersion) ?? new Set()).add(kind));
    const api = new KubernetesApi(kinds);
    const server = createServer((request, response) => {
      const found = api.answer(request.url!.split('?')[0]!);
      response.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify(found ?? { kind: 'Status', apiVersion: 'v1', reason: 'NotFound', code: 404 }),
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const stop = (): void => {
      server.close();
      server.closeAllConnections();
    };
    return { api, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
  }

  private answer(path: string): unknown {
    if (path === '/version') return { major: '1', minor: '33', gitVersion: 'v1.33.0' };
    if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: this.groups };
    const kinds = this.kinds.get(path.replace(/^\/apis?\//, ''));
    if (kinds !== undefined) return { kind: 'APIResourceList', resources: [...kinds].map(resource) };
    const name = /^\/api\/v1\/namespaces\/blog\/(.+)$/.exec(path)?.[1] ?? '';
    const resourceVersion = this.versions.get(name);
    if (resourceVersion === undefined) return undefined;
    const kind = name.startsWith('secrets/') ? 'Secret' : 'ConfigMap';
    return { apiVersion: 'v1', kind, metadata: { name, uid: `uid of ${name}`, resourceVersion } };
  }

  private get groups(): object[] {
    return [...this.kinds.keys()]
      .filter((groupVersion) => groupVersion !== 'v1')
      .map((groupVersion) => {
        const [name, version] = groupVersion.split('/');
        return { name, versions: [{ groupVersion, version }], preferredVersion: { groupVersion, version } };
      });
  }
}
