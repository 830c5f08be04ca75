import { startFake42 } from '@sealgate/fake-42';

/** One stand-in for all replicas: a code that one of them was given is exchanged by another. None in production. */
export async function standInFor42(environment, publicUrl) {
  if (environment.FORTYTWO_CLIENT_ID || environment.NODE_ENV === 'production')
    return { environment: {}, close: async () => undefined };
  const credentials = { clientId: 'sealgate-cluster', clientSecret: 'stand-in' };
  const fake = await startFake42({ ...credentials, redirectUris: [`${publicUrl}/auth/42/callback`] });
  return {
    environment: {
      FORTYTWO_CLIENT_ID: credentials.clientId,
      FORTYTWO_CLIENT_SECRET: credentials.clientSecret,
      FORTYTWO_AUTHORIZE_URL: fake.authorizeUrl,
      FORTYTWO_TOKEN_URL: fake.tokenUrl,
      FORTYTWO_PROFILE_URL: fake.profileUrl,
    },
    close: () => fake.close(),
  };
}
