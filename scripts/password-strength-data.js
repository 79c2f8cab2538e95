import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** All 49,000 would cost the server 8 MiB, and nobody guesses the others within the first minutes. */
const COUNT = 10_000;

/** The data of the strength estimator: the most common passwords, and which keys are adjacent. */
export const passwordStrengthData = () =>
  `${JSON.stringify({ passwords: dictionary['passwords-common'].slice(0, COUNT), keyboards: adjacencyGraphs })}\n`;
