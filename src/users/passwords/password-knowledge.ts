import { createRequire } from 'node:module';
import type { ZxcvbnFactory } from '@zxcvbn-ts/core';

/** What guessers know. */
interface PasswordKnowledge {
  readonly common: ReadonlySet<string>;
  readonly estimator: ZxcvbnFactory;
}

const require = createRequire(import.meta.url);
let known: PasswordKnowledge | null = null;

/**
 * Lists of common passwords and words, and an estimator that uses them; read when somebody first chooses a password.
 * They are a tenth of the memory of a server at rest and of its start, and most processes are not asked for a while.
 * @param window how many characters the estimator looks at.
 */
export function passwordKnowledge(window: number): PasswordKnowledge {
  return (known ??= read(window));
}

function read(window: number): PasswordKnowledge {
  const core = require('@zxcvbn-ts/core') as typeof import('@zxcvbn-ts/core');
  const language = require('@zxcvbn-ts/language-common') as typeof import('@zxcvbn-ts/language-common');
  const { dictionary, adjacencyGraphs } = language;
  return {
    common: new Set(dictionary['passwords-common']),
    estimator: new core.ZxcvbnFactory({
      dictionary,
      graphs: adjacencyGraphs,
      maxLength: window,
      // The default of 100 costs 200 ms on a password of signs and digits, and finds nothing more.
      l33tMaxSubstitutions: 10,
    }),
  };
}
