import { beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { environmentSchema } from '../../src/config.js';
import { cases, lint, type Manifest, manifestsOf, ofKind, template } from './chart.js';
import { provideHelm, PROVIDING_MS } from './provide-helm.js';
import { typeErrorsOf, validate } from './typed-manifests.js';

/** The pod template of any workload. */
interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly terminationGracePeriodSeconds?: number;
  readonly initContainers?: Container[];
  readonly containers: Container[];
}
interface Container {
  readonly name: string;
  readonly image: string;
  readonly env?: { readonly name: string; readonly value?: string; readonly valueFrom?: unknown }[];
  readonly securityContext?: unknown;
  readonly resources?: { readonly requests: unknown; readonly limits: unknown };
}
type Labels = Readonly<Record<string, string>>;
interface Template {
  readonly metadata: { readonly labels: Labels };
  readonly spec: PodSpec;
}

const rendered: Record<string, Manifest[]> = {};
beforeAll(() => {
  provideHelm(4);
  provideHelm(3);
  for (const name of cases) rendered[name] = manifestsOf(name);
}, PROVIDING_MS);

const workloads = (manifests: readonly Manifest[]): Manifest[] =>
  manifests.filter(({ kind }) => ['Deployment', 'StatefulSet', 'Job'].includes(kind));
const templateOf = (workload: Manifest): Template => (workload.spec as { template: Template }).template;

/** The chart's own containers. Those from the values belong to the user. */
const ours = ({ spec }: Template): Container[] =>
  spec.containers.filter(
    ({ image }) => !image.startsWith('registry.example.org/') || image.includes('/inkwell'),
  );

const matches = (selector: Labels, labels: Labels): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

/** Generated secrets differ at every rendering. */
const withoutSecrets = (text: string): string =>
  text.replaceAll(/(PASSWORD|SECRET|DATABASE_URL): ".*"/g, '$1: "…"');

describe.each(cases)('helm/inkwell with ci/%s-values.yaml', (name) => {
  it.each([4, 3] as const)('passes helm lint --strict of Helm %i', (major) => {
    expect(lint(major, name)).toMatchObject({ status: 0 });
  });

  it('renders alike with Helm 3 and Helm 4', () => {
    const [three, four] = [template(3, name), template(4, name)];
    expect(three.status).toBe(0);
    expect(withoutSecrets(three.stdout)).toBe(withoutSecrets(four.stdout));
  });

  it('has values that the schemas of its APIs allow', async () => {
    expect(rendered[name]!.length).toBeGreaterThan(2);
    for (const manifest of rendered[name]!) await validate(manifest);
  });

  it('runs every pod under the restricted Pod Security Standard, with a read-only root and resources', () => {
    const templates = workloads(rendered[name]!).map(templateOf);
    for (const { spec } of templates) {
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
    for (const container of templates.flatMap(ours)) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(container.resources).toMatchObject({
        requests: { cpu: expect.any(String), memory: expect.any(String) },
        limits: { memory: expect.any(String) },
      });
      expect(container.image).not.toMatch(/bitnami/);
    }
  });

  it('takes every secret from a Secret', () => {
    const variables = workloads(rendered[name]!).flatMap((workload) =>
      templateOf(workload).spec.containers.flatMap(({ env }) => env ?? []),
    );
    const secret = variables.filter((variable) => /SECRET|TOKEN|PASSWORD|DATABASE_URL/.test(variable.name));
    expect(secret.length).toBeGreaterThanOrEqual(2);
    for (const { value, valueFrom } of secret) {
      expect(value).toBeUndefined();
      expect(valueFrom).toMatchObject({ secretKeyRef: { name: expect.stringMatching(/./) } });
    }
  });

  it('sets no variable that Inkwell does not know', () => {
    const containers = workloads(rendered[name]!).flatMap((workload) => templateOf(workload).spec.containers);
    const variables = containers
      .filter((container) => ['inkwell', 'migrate'].includes(container.name))
      .flatMap(({ env }) => env ?? [])
      .map((variable) => variable.name)
      .filter((variable) => !/^(NODE_EXTRA_CA_CERTS|NODE_OPTIONS|OTEL_\w+|PGSSLCERT)$/.test(variable));
    expect(Object.keys(environmentSchema.shape)).toEqual(expect.arrayContaining(variables));
  });

  it('selects by each Service, budget and spread the pods of one workload, and never the migration', () => {
    const manifests = rendered[name]!;
    const selectors = [
      ...ofKind(manifests, 'Service').map(({ spec }) => (spec as { selector: Labels }).selector),
      ...ofKind(manifests, 'PodDisruptionBudget').map(
        ({ spec }) => (spec as { selector: { matchLabels: Labels } }).selector.matchLabels,
      ),
    ];
    expect(selectors.length).toBeGreaterThan(0);
    for (const selector of selectors) {
      const selected = workloads(manifests).filter((workload) =>
        matches(selector, templateOf(workload).metadata.labels),
      );
      expect(selected).toHaveLength(1);
      expect(selected[0]!.kind).not.toBe('Job');
    }
  });

  it('leads every route and autoscaler to something that is there', () => {
    const manifests = rendered[name]!;
    const services = ofKind(manifests, 'Service').map(({ metadata }) => metadata.name);
    const deployments = ofKind(manifests, 'Deployment').map(({ metadata }) => metadata.name);
    const routes = [...ofKind(manifests, 'Ingress'), ...ofKind(manifests, 'HTTPRoute')].map(({ spec }) =>
      JSON.stringify((spec as { rules: unknown }).rules),
    );
    const targets = routes.flatMap((text) => [
      ...text.matchAll(/"(?:service|backendRefs)":\[?\{"name":"([^"]+)"/g),
    ]);
    expect(services).toEqual(expect.arrayContaining(targets.map((match) => match[1])));
    expect(targets.length).toBeGreaterThanOrEqual(routes.length);
    const scaled = ofKind(manifests, 'HorizontalPodAutoscaler').map(
      ({ spec }) => (spec as { scaleTargetRef: { name: string } }).scaleTargetRef.name,
    );
    expect(deployments).toEqual(expect.arrayContaining(scaled));
  });
});

describe('helm/inkwell', () => {
  it('renders nothing that its types do not know', () => {
    expect(typeErrorsOf(rendered)).toBe('');
  }, 60_000);

  it('has a type check that notices a misspelt key, and a validation that notices a wrong value', async () => {
    const [deployment] = ofKind(rendered['external']!, 'Deployment');
    const misspelt = structuredClone(deployment!) as Manifest & { spec: { template: { spec: object } } };
    Object.assign(misspelt.spec.template.spec, { automountServiceAcountToken: false });
    expect(typeErrorsOf({ planted: [misspelt] })).toMatch(/automountServiceAcountToken.*does not exist/);

    const wrong = structuredClone(deployment!) as Manifest & { spec: object };
    Object.assign(wrong.spec, { replicas: -1.5 });
    await expect(validate(wrong)).rejects.toThrow(/replicas/);
  }, 60_000);

  it('is of the version of the application', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    expect(parse(readFileSync('helm/inkwell/Chart.yaml', 'utf8'))).toMatchObject({
      version,
      appVersion: version,
    });
  });

  it('rolls without a replica less, and gives each the time that it needs to stop', () => {
    const [deployment] = ofKind(rendered['external']!, 'Deployment');
    expect(deployment!.spec).toMatchObject({
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    });
    expect(templateOf(deployment!).spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(3 + 5 + 15 + 5);
  });

  it('migrates before an install only where the database is there by then', () => {
    const hookOf = (name: string): unknown =>
      ofKind(rendered[name]!, 'Job')[0]?.metadata.annotations?.['helm.sh/hook'];
    expect(['external', 'cloudnative-pg', 'evaluation', 'bare'].map(hookOf)).toEqual([
      'pre-install,pre-upgrade',
      'pre-upgrade',
      'pre-upgrade',
      undefined,
    ]);
  });

  it('passes large numbers on as they were written', () => {
    const text = JSON.stringify(rendered['external']);
    expect(text).toContain('{"name":"CACHE_MAX_BYTES","value":"134217728"}');
  });

  it('alerts on this release and its autoscalers, and links the runbooks where their address is known', () => {
    const text = (name: string): string => JSON.stringify(ofKind(rendered[name]!, 'PrometheusRule'));
    expect(text('external')).toContain(
      'absent(up{job=\\"inkwell\\",namespace=\\"blog\\",release=\\"release\\"} == 1)',
    );
    expect(text('external')).toContain('horizontalpodautoscaler=~\\"release-inkwell(-users|-blog)?\\"');
    expect(text('external')).toContain(
      '"runbook_url":"https://git.example.org/inkwell/blob/main/docs/runbooks/',
    );
    expect(text('split')).toContain('horizontalpodautoscaler=~\\"blog(-users|-blog)?\\"');
    expect(text('split')).not.toContain('runbook_url');
  });
});
