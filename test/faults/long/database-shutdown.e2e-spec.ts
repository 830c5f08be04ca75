import { restartTests } from '../support/restart-tests.js';

restartTests([
  ['fast', 'SIGINT'],
  ['immediate', 'SIGQUIT'],
]);
