export type {
  AuthorizeFaultKind,
  Fake42Fault,
  MeFaultKind,
  MisbehaveOptions,
  ProfileFaultKind,
  TokenFaultKind,
  TransportFaultKind,
} from './faults.js';
export { authorizeFaultKinds, profileFaultKinds, transportFaultKinds } from './faults.js';
export type { Fake42, Fake42Options, RecordedRequest } from './options.js';
export type { Fake42User } from './people.js';
export { demoUsers } from './people.js';
export { startFake42 } from './server.js';
