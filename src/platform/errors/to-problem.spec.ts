import { BadRequestException, InternalServerErrorException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { RouteNotFound } from '../server/routing-problems.js';
import { toProblem } from './to-problem.js';

const error = (message: string, members: object = {}): Error => Object.assign(new Error(message), members);

describe('toProblem', () => {
  it('leaves a problem as it is', () => {
    const problem = new RouteNotFound('/nowhere');
    expect(toProblem(problem)).toBe(problem);
  });

  it('tells what a client did wrong, and nothing of what the server did', () => {
    expect(toProblem(new BadRequestException('no'))).toMatchObject({ status: 400, detail: 'no' });
    expect(toProblem(new InternalServerErrorException('secret')).detail ?? '').not.toContain('secret');
    const unexpected = toProblem(error('relation "users" does not exist', { code: '42P01' }));
    expect(unexpected).toMatchObject({ status: 500, code: 'server.error' });
    expect(unexpected.detail).not.toContain('users');
  });

  it.each(['ECONNREFUSED', 'ECONNRESET', '57P01', '08006', '25P03', '40P01', '57014'])(
    'answers 503 when the database fails by %s',
    (code) => {
      expect(toProblem(error('no', { code }))).toMatchObject({
        status: 503,
        headers: { 'retry-after': '1' },
      });
      const byTypeOrm = error('no', { driverError: error('no', { code }) });
      expect(toProblem(byTypeOrm)).toMatchObject({ status: 503 });
    },
  );

  it('does not take a client that went away in the middle of its body for a database that did', () => {
    expect(toProblem(error('aborted', { code: 'ECONNRESET', statusCode: 400 }))).toMatchObject({
      status: 400,
      code: 'request.malformed',
    });
  });
});
