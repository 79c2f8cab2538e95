import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const LABELS = '{namespace="blog",horizontalpodautoscaler="r-inkwell"}';

/** The documented metrics of an autoscaler in kube-state-metrics. */
const METRICS = `# TYPE kube_horizontalpodautoscaler_status_current_replicas gauge
kube_horizontalpodautoscaler_status_current_replicas${LABELS} 2
# TYPE kube_horizontalpodautoscaler_spec_max_replicas gauge
kube_horizontalpodautoscaler_spec_max_replicas${LABELS} 6
# TYPE kube_horizontalpodautoscaler_spec_min_replicas gauge
kube_horizontalpodautoscaler_spec_min_replicas${LABELS} 2
`;

/** A stand-in for kube-state-metrics. */
export async function startKubeStateMetrics(): Promise<{
  readonly address: string;
  readonly stop: () => void;
}> {
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(METRICS);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}
