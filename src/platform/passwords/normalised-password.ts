import { normalise } from '../text/normalise.js';

/** The same text typed on two systems must be the same password, and another spelling must not hide a common one. */
export const normalisedPassword = (password: string): string => normalise(password, 'NFKC');
