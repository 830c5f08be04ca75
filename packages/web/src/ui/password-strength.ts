import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';

/** As the server estimates: 10⁹ guesses are enough, and only so much is looked at. */
const ENOUGH_GUESSES_LOG10 = 9;
const estimator = new ZxcvbnFactory({
  dictionary,
  graphs: adjacencyGraphs,
  maxLength: 48,
  l33tMaxSubstitutions: 20,
});

/** From 0 (the first that is tried) to 4; from 3 on the server takes it. */
export function strengthOf(password: string, hints: readonly string[]): number {
  const words = hints.filter((hint) => hint.length > 2);
  const { guessesLog10 } = estimator.check(password.normalize('NFKC'), [...words, 'sealgate']);
  const isPersonal = words.some((word) => password.toLowerCase().includes(word.toLowerCase()));
  if (isPersonal || guessesLog10 < 5) return 0;
  if (guessesLog10 < 7) return 1;
  if (guessesLog10 < ENOUGH_GUESSES_LOG10) return 2;
  return guessesLog10 < ENOUGH_GUESSES_LOG10 + 4 ? 3 : 4;
}
