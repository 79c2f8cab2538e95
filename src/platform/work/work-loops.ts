import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EventEmitter2 } from '@nestjs/event-emitter';
import { type LoopOptions, WorkLoop } from './work-loop.js';

/** The loops of a process that serves, from when it listens until it stops. Commands leave the work to those processes. */
@Injectable()
export class WorkLoops implements BeforeApplicationShutdown {
  private readonly loops: WorkLoop[] = [];

  constructor(
    private readonly adapterHost: HttpAdapterHost,
    private readonly emitter: EventEmitter2,
  ) {}

  /** Called while the application starts. */
  add(options: LoopOptions & { readonly isWokenByChanges?: boolean }): WorkLoop {
    const loop = new WorkLoop(options);
    this.loops.push(loop);
    if (options.isWokenByChanges === true) this.emitter.on('**', () => loop.wake());
    this.adapterHost.listen$.subscribe(() => loop.start());
    return loop;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
  }
}
