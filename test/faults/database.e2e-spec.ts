import { restartTests } from './support/restart-tests.js';

restartTests([['after kill -9', 'SIGKILL']]);
