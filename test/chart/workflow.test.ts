import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { complaintsAbout, type Step, type Workflow } from './workflow-complaints.js';

const workflow = parse(readFileSync('.github/workflows/ci.yml', 'utf8')) as Workflow;

/** The workflow with one step replaced by others. */
function withSteps(job: string, at: number, ...steps: readonly Step[]): Workflow {
  const found = workflow.jobs[job]!;
  return {
    ...workflow,
    jobs: { ...workflow.jobs, [job]: { ...found, steps: found.steps.toSpliced(at, 1, ...steps) } },
  };
}

const without = <T extends object>(from: T, name: string): T =>
  Object.fromEntries(Object.entries(from).filter(([key]) => key !== name)) as T;

/** A step with one thing wrong, by what it is. */
function broken(step: Step): [what: string, step: Step][] {
  const { run = '', uses, with: given = {}, env = {} } = step;
  const lines = run.split('\n').filter((line) => line !== '');
  const edited = (i: number, ...by: string[]): Step => ({
    ...step,
    run: lines.toSpliced(i, 1, ...by).join('\n'),
  });
  return [
    ...lines.flatMap((line, i): [string, Step][] => [
      [`without the command ${line}`, edited(i)],
      [`with an unknown program: ${line}`, edited(i, `x${line}`)],
      [`with another last word: ${line}`, edited(i, `${line}x`)],
      [`with an open quote: ${line}`, edited(i, `${line} "`)],
    ]),
    ...(uses === undefined
      ? []
      : ([[`with another action than ${uses}`, { ...step, uses: `x${uses}` }]] as const)),
    ...Object.keys(given).map((name): [string, Step] => [
      `without ${name}`,
      { ...step, with: without(given, name) },
    ]),
    // compose.yaml makes a key of its own when none is given.
    ...Object.keys(without(env, 'AUTH_SECRET')).map((name): [string, Step] => [
      `without ${name} in its environment`,
      { ...step, env: without(env, name) },
    ]),
    ...(step.if === undefined ? [] : ([['always', without(step, 'if')]] as const)),
  ].map(([what, wrong]) => [what, wrong]);
}

const BROKEN = Object.entries(workflow.jobs).flatMap(([job, { steps }]) =>
  steps.flatMap((step, i): [string, Workflow][] => [
    [`${job} without step ${i + 1}`, withSteps(job, i)],
    ...broken(step).map(([what, wrong]): [string, Workflow] => [
      `step ${i + 1} of ${job} ${what}`,
      withSteps(job, i, wrong),
    ]),
  ]),
);

describe('.github/workflows/ci.yml', () => {
  it('checks, tests, renders the chart and rehearses the image, with what the repository has', () => {
    expect(complaintsAbout(workflow)).toEqual([]);
  });

  it.each(BROKEN)('would be found broken: %s', (_, wrong) => {
    expect(complaintsAbout(wrong)).not.toEqual([]);
  });

  it.each(Object.keys(workflow.jobs))('would be found broken: without the job %s', (job) => {
    expect(complaintsAbout({ ...workflow, jobs: without(workflow.jobs, job) })).not.toEqual([]);
  });

  it.each([
    ['more permissions', { permissions: { contents: 'write' } }],
    ['no pull requests', { on: { push: { branches: ['main'], tags: ['v*'] } } }],
    ['a job that takes hours', { jobs: { check: { ...workflow.jobs['check']!, 'timeout-minutes': 120 } } }],
  ])('would be found broken: %s', (_, wrong) => {
    expect(complaintsAbout({ ...workflow, ...wrong })).not.toEqual([]);
  });
});
