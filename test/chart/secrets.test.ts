import { beforeAll, describe, expect, it } from '@jest/globals';
import { environmentSchema } from '../../src/config.js';
import { cases, type Manifest, manifestsOf, ofKind } from './chart.js';
import { provideHelm, PROVIDING_MS } from './provide-helm.js';

const SECRET = /(^|_)(SECRET|TOKEN|KEY|PASSWORD)(_|$)|^(DATABASE|REDIS)_URL$/;

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly secretKeyRef?: { readonly name: string; readonly key: string } };
}
interface PodSpec {
  readonly containers: {
    readonly env?: Variable[];
    readonly envFrom?: unknown[];
    readonly volumeMounts?: unknown[];
  }[];
  readonly volumes?: unknown[];
}

const rendered: Record<string, Manifest[]> = {};
beforeAll(() => {
  provideHelm(4);
  for (const name of cases) rendered[name] = manifestsOf(name);
}, PROVIDING_MS);

const podOf = (manifest: Manifest): PodSpec =>
  (manifest.spec as { template: { spec: PodSpec } }).template.spec;
const firstOf = (name: string, kind: string): PodSpec['containers'][number] & { pod: PodSpec } => {
  const pod = podOf(ofKind(rendered[name]!, kind)[0]!);
  return { ...pod.containers[0]!, pod };
};
const variable = (name: string, kind: string, of: string): Variable | undefined =>
  firstOf(name, kind).env?.find((each) => each.name === of);

describe('the Secrets that helm/inkwell takes', () => {
  it('can be of any secret that Inkwell knows', () => {
    const fromSecrets = Object.values(rendered)
      .flatMap((manifests) => ofKind(manifests, 'Deployment'))
      .flatMap((deployment) => podOf(deployment).containers.flatMap(({ env = [] }) => env))
      .filter(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined);
    const known = Object.keys(environmentSchema.shape).filter((each) => SECRET.test(each));
    expect(known).toEqual(expect.arrayContaining(['AUTH_SECRET', 'CDN_PURGE_TOKEN', 'INTERNAL_TOKEN']));
    expect(fromSecrets.map((each) => each.name)).toEqual(expect.arrayContaining(known));
  });

  it('hold the token of the CDN, and the headers for the receiver of traces', () => {
    expect(variable('external', 'Deployment', 'CDN_PURGE_TOKEN')?.valueFrom).toEqual({
      secretKeyRef: { name: 'inkwell-cdn', key: 'CDN_PURGE_TOKEN' },
    });
    expect(variable('external', 'Deployment', 'OTEL_EXPORTER_OTLP_HEADERS')?.valueFrom).toEqual({
      secretKeyRef: { name: 'inkwell-traces', key: 'OTEL_EXPORTER_OTLP_HEADERS' },
    });
    expect(variable('split', 'Deployment', 'CDN_PURGE_TOKEN')).toBeUndefined();
  });

  it.each(['Deployment', 'Job'])('hold the certificates that the %s trusts', (kind) => {
    const { env, volumeMounts, pod } = firstOf('external', kind);
    expect(env).toContainEqual({
      name: 'NODE_EXTRA_CA_CERTS',
      value: '/etc/inkwell/certificate-authority/ca.crt',
    });
    expect(volumeMounts).toContainEqual({
      name: 'certificate-authority',
      mountPath: '/etc/inkwell/certificate-authority',
      readOnly: true,
    });
    expect(pod.volumes).toContainEqual({
      name: 'certificate-authority',
      secret: {
        secretName: 'inkwell-certificate-authority',
        items: [{ key: 'ca.crt', path: 'ca.crt' }],
      },
    });
  });
});

describe('the migration Job of helm/inkwell', () => {
  it('has what was added to the replicas, so that it reaches the same database', () => {
    const [job, replica] = ['Job', 'Deployment'].map((kind) => firstOf('external', kind));
    expect(job!.env).toContainEqual({ name: 'PGSSLCERT', value: '/certificates/client.crt' });
    expect(job!.envFrom).toEqual(replica!.envFrom);
    expect(job!.volumeMounts).toEqual(replica!.volumeMounts);
    expect(job!.pod.volumes).toEqual(replica!.pod.volumes);
  });
});

describe('the traces of helm/inkwell', () => {
  it('are off unless they have a receiver', () => {
    expect(variable('external', 'Deployment', 'NODE_OPTIONS')?.value).toBe('--import /app/dist/traces.js');
    expect(variable('external', 'Deployment', 'OTEL_TRACES_SAMPLER_ARG')?.value).toBe('0.01');
    for (const name of cases.filter((each) => !['external', 'openshift'].includes(each)))
      expect(JSON.stringify(rendered[name])).not.toMatch(/NODE_OPTIONS|OTEL_/);
  });
});

describe('the NetworkPolicy of helm/inkwell', () => {
  it('lets out to public addresses of both families, and to the servers that are configured', () => {
    const policy = ofKind(rendered['external']!, 'NetworkPolicy')[0]!.spec as { egress: object[] };
    const text = JSON.stringify(policy.egress);
    expect(text).toContain('{"cidr":"0.0.0.0/0","except":["10.0.0.0/8",');
    expect(text).toContain('{"cidr":"::/0","except":["fc00::/7","fe80::/10"]}');
    for (const port of [53, 6432, 6379, 4318, 80, 443]) expect(text).toContain(`{"port":${port}`);
    expect(JSON.stringify(ofKind(rendered['split']!, 'NetworkPolicy'))).not.toContain('4318');
  });
});
