import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { readFile } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ValidationFailed } from '../errors/validation-failed.js';
import { fastifyOf } from '../lifecycle/fastify-of.js';
import { normalisedPassword } from './normalised-password.js';

/** On zxcvbn's scale of 0–4. A score below 2 means fewer than 10⁶ guesses. */
const LEAST_SCORE = 2;
/**
 * The estimate takes cubic time, so it is limited to a few pieces of this many UTF-16 units, at about 4 ms per piece at
 * most. A password is at least as strong as its strongest piece.
 */
const PIECE_LENGTH = 32;
const MAX_PIECES = 2;
/** The package's default of 100 takes 30 ms per piece. */
const MAX_SUBSTITUTIONS = 10;
const MIN_NAME_LENGTH = 3;

/** Data about the owner that an attacker may know. */
export interface PasswordOwner {
  readonly username: string;
  readonly email: string | null;
  readonly displayName?: string;
}

const COMMON = 'is one of the commonest passwords, or like one';
const REPEATS = 'repeats itself';
const OWN_NAME = 'is your own name or e-mail address, or like it';
const TOO_EASY = 'is too easy to guess';

/** Messages by zxcvbn's names for the pattern that makes a password weak. */
const REASONS: Readonly<Record<string, string>> = {
  topTen: COMMON,
  topHundred: COMMON,
  common: COMMON,
  similarToCommon: COMMON,
  wordByItself: COMMON,
  userInputs: OWN_NAME,
  simpleRepeat: REPEATS,
  extendedRepeat: REPEATS,
  sequences: 'is a sequence, such as abcdefgh',
  keyPattern: 'is a row of keys',
  straightRow: 'is a row of keys',
};

interface StrengthData {
  readonly passwords: string[];
  readonly keyboards: Record<string, Record<string, (string | null)[]>>;
}

/** Blocks the event loop for a tenth of a second, once, and takes 2 MiB. */
async function loadEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory: Estimator }, text] = await Promise.all([
    import('@zxcvbn-ts/core'),
    readFile(new URL('./strength-data.json', import.meta.url), 'utf8'),
  ]);
  const { passwords, keyboards } = JSON.parse(text) as StrengthData;
  return new Estimator({
    dictionary: { passwords },
    graphs: keyboards,
    l33tMaxSubstitutions: MAX_SUBSTITUTIONS,
    maxLength: PIECE_LENGTH,
  });
}

function piecesOf(password: string): string[] {
  const count = Math.min(MAX_PIECES, Math.ceil(password.length / PIECE_LENGTH));
  return Array.from({ length: count }, (_, index) =>
    password.slice(index * PIECE_LENGTH, (index + 1) * PIECE_LENGTH),
  );
}

/** Names as a whole, and their words. */
function namesOf({ username, email, displayName = '' }: PasswordOwner): string[] {
  const local = (email ?? '').replace(/@.*$/, '');
  const wholes = ['inkwell', username, email ?? '', local, displayName].map((name) =>
    normalisedPassword(name),
  );
  const words = wholes.flatMap((name) => name.split(/[^\p{L}\p{N}]+/u));
  const squeezed = wholes.map((name) => name.replace(/\s+/g, ''));
  return [...new Set([...wholes, ...words, ...squeezed])].filter(({ length }) => length >= MIN_NAME_LENGTH);
}

/** Refuses passwords that are easy to guess. */
@Injectable()
export class PasswordStrength implements OnApplicationBootstrap {
  private estimator: Promise<ZxcvbnFactory> | undefined;
  /** Resolves when the next estimate may start. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly host: HttpAdapterHost) {}

  /**
   * Loads the estimator before a server is ready, so that no request waits for it. Commands load it when they need it.
   */
  async onApplicationBootstrap(): Promise<void> {
    if (fastifyOf(this.host) !== undefined) await this.load();
  }

  /** @throws ValidationFailed with the pointer `/password` and the reason */
  async assertStrong(password: string, owner: PasswordOwner): Promise<void> {
    const estimator = await this.load();
    const names = namesOf(owner);
    const text = normalisedPassword(password);
    // A long name spans several pieces, none of which equals the name.
    const isName = names.some((name) => name.toLowerCase() === text.toLowerCase());
    let reason = isName ? OWN_NAME : TOO_EASY;
    for (const [index, piece] of isName ? [] : piecesOf(text).entries()) {
      await this.takeTurn();
      const { score, feedback } = estimator.check(piece, names);
      if (score >= LEAST_SCORE) return;
      if (index === 0) reason = REASONS[feedback.warning ?? ''] ?? TOO_EASY;
    }
    throw new ValidationFailed([{ pointer: '/password', detail: reason }]);
  }

  /** Runs one estimate per turn of the event loop, so that many of them do not block it. */
  private takeTurn(): Promise<void> {
    return (this.turn = this.turn.then(() => nextTurn()));
  }

  private load(): Promise<ZxcvbnFactory> {
    return (this.estimator ??= loadEstimator());
  }
}
