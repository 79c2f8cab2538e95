import { describe, expect, it } from '@jest/globals';
import { Controller, Delete, Get, Patch, Post, Put } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { RequiresLogin, RequiresOperatorOrRole, RequiresRole } from '../access/access.js';
import { NotCountedAsWrite } from '../rate-limits/rate-limit.decorator.js';
import { rulesOf } from './route-rules.js';

@Controller('things')
@RequiresLogin()
class ThingsController {
  @Get()
  list(): void {}

  @Post()
  @RequiresRole('author')
  make(): void {}

  @Put()
  replace(): void {}

  @Patch()
  change(): void {}

  @Delete()
  remove(): void {}

  @Post('sweep')
  @RequiresOperatorOrRole('admin')
  sweep(): void {}

  @Post('leave')
  @NotCountedAsWrite()
  leave(): void {}
}

@Controller('doors')
class DoorsController {
  @Post()
  knock(): void {}
}

const isWrite = (controller: typeof ThingsController | typeof DoorsController, method: string): boolean =>
  rulesOf(
    controller,
    (controller.prototype as unknown as Record<string, () => void>)[method]!,
    new Reflector(),
  ).isWrite;

describe('rulesOf', () => {
  it.each(['make', 'replace', 'change', 'remove', 'sweep'])(
    'counts %s as a write, whoever declares it',
    (method) => {
      expect(isWrite(ThingsController, method)).toBe(true);
    },
  );

  it.each(['list', 'leave'])('does not count %s', (method) => {
    expect(isWrite(ThingsController, method)).toBe(false);
  });

  it('does not count what asks for no login', () => {
    expect(isWrite(DoorsController, 'knock')).toBe(false);
  });
});
