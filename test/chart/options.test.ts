import { beforeAll, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { blocksOf, sectionOf } from '../support/pages.js';
import { type Manifest, manifestsInCluster, manifestsOf, manifestsWith, ofKind } from './chart.js';
import { KubernetesApi } from './kubernetes-api.js';
import { provideHelm, PROVIDING_MS } from './provide-helm.js';

type Labels = Readonly<Record<string, string>>;
interface Pod {
  readonly metadata: { readonly labels: Labels; readonly annotations?: Labels };
  readonly spec: {
    readonly serviceAccountName?: string;
    readonly topologySpreadConstraints?: unknown;
    readonly securityContext: Readonly<Record<string, unknown>>;
    readonly containers: {
      readonly env: { readonly name: string; readonly value?: string }[];
      readonly startupProbe: object;
      readonly readinessProbe: object;
      readonly livenessProbe: object;
      readonly command: string[];
    }[];
  };
}

let openshift: Manifest[];
beforeAll(() => {
  provideHelm(4);
  provideHelm(3);
  openshift = manifestsOf('openshift');
}, PROVIDING_MS);

const podOf = (manifest: Manifest): Pod => (manifest.spec as { template: Pod }).template;
const deploymentOf = (manifests: readonly Manifest[]): Pod => podOf(ofKind(manifests, 'Deployment')[0]!);
const specOf = (manifests: readonly Manifest[], kind: string): unknown => ofKind(manifests, kind)[0]!.spec;

describe('the labels of helm/inkwell', () => {
  it('are once each, of one place before those of all, and those before the chart’s own', () => {
    expect(deploymentOf(openshift).metadata.labels).toMatchObject({
      'example.org/cost-center': 'readers',
      'app.kubernetes.io/part-of': 'website',
      'app.kubernetes.io/name': 'inkwell',
    });
    expect(ofKind(openshift, 'Deployment')[0]!.metadata.labels).toMatchObject({
      'example.org/cost-center': 'blog',
    });
  });

  it('are on everything that the chart makes, and no selector has them', () => {
    for (const manifest of openshift.filter(({ metadata }) => metadata.name !== 'release-more'))
      expect([manifest.kind, manifest.metadata.labels?.['example.org/cost-center']]).toEqual([
        manifest.kind,
        'blog',
      ]);
    expect(JSON.stringify(openshift)).not.toMatch(/"(selector|matchLabels)":\{[^}]*cost-center/);
  });
});

describe('helm/inkwell on OpenShift', () => {
  it('leaves users and groups to the namespace', () => {
    const pods = [deploymentOf(openshift), podOf(ofKind(openshift, 'Job')[0]!)];
    const contexts = pods.map(({ spec }) => spec.securityContext);
    for (const context of [...contexts, (specOf(openshift, 'Pod') as Pod['spec']).securityContext])
      expect(context).toEqual({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(deploymentOf(manifestsOf('bare')).spec.securityContext).toMatchObject({ runAsUser: 1000 });
  });
});

describe('what can be put in the place of the chart’s own', () => {
  it('are the metrics and the behaviour of the autoscaler', () => {
    expect(specOf(openshift, 'HorizontalPodAutoscaler')).toMatchObject({
      metrics: [{ type: 'Pods' }],
      behavior: { scaleDown: { stabilizationWindowSeconds: 600 } },
    });
    expect(JSON.stringify(specOf(openshift, 'HorizontalPodAutoscaler'))).not.toMatch(/scaleUp|cpu/);
  });

  it('are the times of the probes, each of which keeps what it asks', () => {
    expect(deploymentOf(openshift).spec.containers[0]).toMatchObject({
      startupProbe: { httpGet: { path: '/startupz' }, periodSeconds: 5, failureThreshold: 180 },
      readinessProbe: { httpGet: { path: '/readyz' }, periodSeconds: 2, successThreshold: 2 },
      livenessProbe: { httpGet: { path: '/livez' }, periodSeconds: 10 },
    });
  });

  it('are spread constraints, which get the selector that they leave out', () => {
    expect(deploymentOf(openshift).spec.topologySpreadConstraints).toEqual([
      {
        maxSkew: 2,
        topologyKey: 'example.org/rack',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: {
          matchLabels: (specOf(openshift, 'Deployment') as { selector: { matchLabels: Labels } }).selector
            .matchLabels,
        },
      },
    ]);
    const none = deploymentOf(manifestsOf('bare', ['topologySpread=']));
    expect(none.spec.topologySpreadConstraints).toBeUndefined();
  });

  it('are further objects, with templates in them', () => {
    expect(openshift.find(({ metadata }) => metadata.name === 'release-more')).toMatchObject({
      kind: 'ConfigMap',
      data: { service: 'release-inkwell' },
    });
  });

  it('is the way out to servers elsewhere, by their addresses', () => {
    const { egress } = specOf(openshift, 'NetworkPolicy') as { egress: object[] };
    const to = (port: number, ...cidrs: string[]): object => ({
      ports: [{ port }],
      to: cidrs.map((cidr) => ({ ipBlock: { cidr } })),
    });
    expect(egress).toEqual(
      expect.arrayContaining([
        to(5432, '10.20.0.5/32', 'fd00:20::/64'),
        to(6379, '10.20.1.0/24'),
        to(4318, '10.20.2.0/24'),
      ]),
    );
  });

  it('passes fractions on as fractions', () => {
    expect(deploymentOf(openshift).spec.containers[0]!.env).toContainEqual({
      name: 'HTTP_TIMEOUT_SECONDS',
      value: '0.5',
    });
  });
});

describe('the migration of helm/inkwell', () => {
  it('has a ServiceAccount that is there before it, or the one that is given', () => {
    const account = ofKind(manifestsOf('external'), 'ServiceAccount').find(
      ({ metadata }) => metadata.name === 'release-inkwell-migrate',
    );
    expect(account?.metadata.annotations).toMatchObject({
      'helm.sh/hook': 'pre-install,pre-upgrade',
      'helm.sh/hook-weight': '-5',
      'example.org/role': 'inkwell',
    });
    expect(podOf(ofKind(openshift, 'Job')[0]!).spec.serviceAccountName).toBe('release-inkwell-migrate');
    const given = manifestsOf('external', ['serviceAccount.create=false']);
    expect(podOf(ofKind(given, 'Job')[0]!).spec.serviceAccountName).toBe('inkwell-blog');
    expect(ofKind(given, 'ServiceAccount')).toEqual([]);
  });
});

describe('helm test', () => {
  const commandOf = (name: string): string[] =>
    (specOf(manifestsOf(name), 'Pod') as Pod['spec']).containers[0]!.command;

  it('asks every Service whether a replica is ready, and the front for the blog', () => {
    const asked = (name: string): string[] => commandOf(name).filter((word) => word.startsWith('http'));
    expect(asked('bare')).toEqual([
      'http://release-inkwell:80/readyz',
      'http://release-inkwell:80/blog/',
      'http://release-inkwell:80/blog/api/posts?limit=1',
    ]);
    expect(asked('split').slice(0, 3)).toEqual([
      'http://blog-users:80/readyz',
      'http://blog-blog:80/readyz',
      'http://blog-blog:80/blog/',
    ]);
  });

  it('fails when one of the answers is not 2xx, or none comes', async () => {
    const answers: Record<string, number> = {};
    const server = createServer(({ url }, response) => {
      response.writeHead(answers[url!] ?? 200).end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const [, ...words] = commandOf('bare').map((word) =>
      word.replace('release-inkwell:80', `127.0.0.1:${port}`),
    );
    const run = (): Promise<unknown> =>
      promisify(execFile)(process.execPath, words, { env: { PATH: process.env['PATH'] } });
    await expect(run()).resolves.toMatchObject({
      stdout: expect.stringMatching(/^200 .*readyz\n200 .*\n200 .*\n$/),
    });
    answers['/readyz'] = 503;
    await expect(run()).rejects.toMatchObject({ code: 1, stdout: expect.stringMatching(/^503 .*readyz\n/) });
    server.close();
    server.closeAllConnections();
    await expect(run()).rejects.toMatchObject({ code: 1 });
  });

  it('is let in where a NetworkPolicy names who may come', () => {
    const test = (specOf(openshift, 'Pod'), ofKind(openshift, 'Pod')[0]!.metadata.labels!);
    const { ingress } = specOf(openshift, 'NetworkPolicy') as {
      ingress: { from: { podSelector?: { matchLabels: Labels } }[] }[];
    };
    const letIn = ingress[0]!.from.flatMap(({ podSelector }) => podSelector ?? []);
    expect(letIn).toHaveLength(1);
    expect(test).toMatchObject(letIn[0]!.matchLabels);
  });
});

describe('an upgrade', () => {
  it.each([4, 3] as const)(
    'of Helm %i replaces the replicas after a Secret that they read has changed, and only then',
    async (major) => {
      const { api, url, stop } = await KubernetesApi.start(manifestsOf('bare'));
      const annotations = async (): Promise<Labels | undefined> =>
        deploymentOf(await manifestsInCluster(major, 'bare', url)).metadata.annotations;
      try {
        expect(await annotations()).toBeUndefined();
        api.versions.set('secrets/inkwell-auth', '1').set('secrets/inkwell-database', '7');
        const before = await annotations();
        expect(before).toEqual({ 'checksum/secrets': expect.stringMatching(/^[0-9a-f]{64}$/) });
        api.versions.set('secrets/of-somebody-else', '1');
        expect(await annotations()).toEqual(before);
        api.versions.set('secrets/inkwell-database', '8');
        expect(await annotations()).not.toEqual(before);
      } finally {
        stop();
      }
    },
  );
});

describe('the Cluster of CloudNativePG', () => {
  const AUTH = 'auth: { existingSecret: inkwell-auth }';
  const examples = blocksOf(sectionOf('docs/backup.md', 'CloudNativePG'), 'yaml');

  it('is backed up as docs/backup.md has it', () => {
    const manifests = manifestsWith(AUTH, examples[0]!);
    const { name } = ofKind(manifests, 'Cluster')[0]!.metadata;
    expect(specOf(manifests, 'Cluster')).toMatchObject({
      bootstrap: { initdb: { database: 'inkwell', owner: 'inkwell' } },
      plugins: [{ name: 'barman-cloud.cloudnative-pg.io', isWALArchiver: true }],
    });
    expect(specOf(manifests, 'ScheduledBackup')).toMatchObject({ cluster: { name }, method: 'plugin' });
    const [store] = ofKind(manifests, 'ObjectStore');
    expect(JSON.stringify(specOf(manifests, 'Cluster'))).toContain(
      `"barmanObjectName":"${store!.metadata.name}"`,
    );
  });

  it('begins from a backup as docs/backup.md has it, which names the Cluster of a release called blog', () => {
    const spec = specOf(manifestsWith(AUTH, examples[1]!), 'Cluster') as {
      bootstrap: object;
      externalClusters: [{ name: string; plugin: { parameters: Labels } }];
    };
    expect(spec.bootstrap).toEqual({ recovery: { source: 'origin', database: 'inkwell', owner: 'inkwell' } });
    const [origin] = spec.externalClusters;
    const backedUp = ofKind(manifestsWith(AUTH, examples[0]!), 'Cluster')[0]!.metadata.name;
    expect([origin.name, origin.plugin.parameters['serverName']]).toEqual(['origin', backedUp]);
  });
});
