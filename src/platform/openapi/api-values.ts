import { z } from 'zod';

/** Largest id of PostgreSQL's `integer`. */
export const MAX_ID = 2_147_483_647;

/** Whether a part of a path or query can be the id of a row. */
export const isId = (text: string): boolean => /^[1-9]\d{0,9}$/.test(text) && Number(text) <= MAX_ID;

/** A moment in an answer: UTC, to the millisecond. */
export const timeSchema = z.iso.datetime().meta({ examples: ['2026-01-31T09:30:00.000Z'] });
