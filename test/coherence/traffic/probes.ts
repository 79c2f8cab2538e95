import type { Random } from '../../../src/transfer/random.js';
import { Register } from '../history/register.js';
import { Probe, type ProbeOptions } from './probe.js';

/** The share of the reads that go to temporary things. */
const PASSING_SHARE = 0.12;

/** Everything that can be read, and every register. */
export class Probes {
  private readonly registers: Register[] = [];
  private readonly lasting: Probe[] = [];
  private passing: Probe[] = [];

  register(name: string, initial = 0, isPresentAt?: (version: number) => boolean): Register {
    const register = new Register(this.registers.length, name, initial, isPresentAt);
    this.registers.push(register);
    return register;
  }

  add(options: ProbeOptions): void {
    const probe = new Probe(this.find, options);
    for (let i = 0; i < options.weight; i += 1) this.lasting.push(probe);
  }

  /** @returns a function that ends its reads */
  addPassing(options: ProbeOptions): () => void {
    const probe = new Probe(this.find, options);
    this.passing.push(probe);
    return () => void (this.passing = this.passing.filter((other) => other !== probe));
  }

  get all(): readonly Probe[] {
    return [...new Set(this.lasting)];
  }

  pick(random: Random): Probe {
    const isPassing = this.passing.length > 0 && random.chance(PASSING_SHARE);
    return random.pick(isPassing ? this.passing : this.lasting);
  }

  private readonly find = (id: number): Register | undefined => this.registers[id];
}
