import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../support/redis-server.js';
import { providePrometheus } from './provide-prometheus.js';

const START_MS = 30_000;

interface Answer<Data> {
  readonly status: 'success' | 'error';
  readonly data: Data;
  readonly error?: string;
}
export interface RuleState {
  readonly name: string;
  readonly health: 'ok' | 'err' | 'unknown';
  readonly lastError?: string;
}
type Vector = { readonly result: { readonly value: readonly [number, string] }[] };

export interface Target {
  readonly job: string;
  /** `host:port` */
  readonly address: string;
  readonly release: string;
}

/** A real Prometheus that scrapes every second. */
export class PrometheusServer {
  private constructor(
    private readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  /**
   * @param targets each in a job of its own, or in a shared one
   * @param ruleFile an absolute path
   */
  static async start(targets: readonly Target[], ruleFile: string): Promise<PrometheusServer> {
    const folder = mkdtempSync(join(tmpdir(), 'inkwell-prometheus-'));
    const configuration = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: [ruleFile],
      scrape_configs: [...new Set(targets.map(({ job }) => job))].map((job) => ({
        job_name: job,
        static_configs: targets
          .filter((target) => target.job === job)
          .map(({ address, release }) => ({ targets: [address], labels: { namespace: 'blog', release } })),
        honor_labels: true,
      })),
    };
    writeFileSync(join(folder, 'prometheus.yml'), JSON.stringify(configuration));
    const address = `127.0.0.1:${await freePort()}`;
    const server = spawn(
      providePrometheus('prometheus'),
      [
        `--config.file=${join(folder, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(folder, 'data')}`,
        `--web.listen-address=${address}`,
        '--log.level=error',
      ],
      { stdio: ['ignore', 'ignore', 'inherit'] },
    );
    const stop = async (): Promise<void> => {
      if (server.exitCode === null && server.kill('SIGKILL')) await once(server, 'exit');
      rmSync(folder, { recursive: true, force: true });
    };
    const prometheus = new PrometheusServer(`http://${address}`, stop);
    await prometheus.untilReady(() => server.exitCode !== null);
    return prometheus;
  }

  /**
   * @returns the values of all series, including NaN
   * @throws with Prometheus' message if the query does not parse
   */
  async query(expression: string): Promise<number[]> {
    const { result } = await this.ask<Vector>(
      `/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`,
    );
    return result.map(({ value }) => Number(value[1]));
  }

  async rules(): Promise<RuleState[]> {
    const { groups } = await this.ask<{ groups: { rules: RuleState[] }[] }>('/api/v1/rules');
    return groups.flatMap((group) => group.rules);
  }

  private async ask<Data>(path: string): Promise<Data> {
    const answer = (await (await fetch(this.url + path)).json()) as Answer<Data>;
    if (answer.status === 'error') throw new Error(answer.error);
    return answer.data;
  }

  private async untilReady(hasEnded: () => boolean): Promise<void> {
    const deadline = Date.now() + START_MS;
    for (;;) {
      const isReady = await fetch(`${this.url}/-/ready`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (isReady) return;
      if (hasEnded() || Date.now() > deadline) throw new Error('Prometheus did not start');
      await sleep(50);
    }
  }
}
