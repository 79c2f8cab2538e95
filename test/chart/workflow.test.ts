import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
}
interface Workflow {
  readonly permissions: unknown;
  readonly jobs: Readonly<
    Record<string, { readonly 'timeout-minutes': number; readonly steps: readonly Step[] }>
  >;
}

const workflow = parse(readFileSync('.github/workflows/ci.yml', 'utf8')) as Workflow;
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const commands = Object.values(workflow.jobs)
  .flatMap(({ steps }) => steps)
  .flatMap(({ run = '' }) => run.split('\n'));

describe('.github/workflows/ci.yml', () => {
  it('checks, tests, renders the chart and rehearses the image, each within its time', () => {
    expect(Object.keys(workflow.jobs)).toEqual(['check', 'test', 'chart', 'image']);
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
    expect(workflow.permissions).toEqual({ contents: 'read' });
  });

  it('runs only scripts that there are', () => {
    const named = commands.flatMap((command) =>
      [...command.matchAll(/npm run ([\w:-]+)/g)].map((match) => match[1]!),
    );
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));
    expect(named).toEqual(expect.arrayContaining(['check', 'rehearse-image']));
    expect(commands).toEqual(expect.arrayContaining(['npm test', 'npm test -- test/chart']));
  });
});
