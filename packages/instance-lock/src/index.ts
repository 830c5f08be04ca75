export { acquireInstanceLock, type InstanceLock } from './instance-lock.js';
export { LockHeldError } from './lock-held.error.js';
export { answersSignal, commandLineOf, startTokenOf } from './os-process.js';
