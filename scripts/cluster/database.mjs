import { startEmbeddedPostgres } from '../../dist/src/database/embedded/embedded-postgres.js';
import { generatedSecrets } from '../../dist/src/config/generated-secrets.js';

/**
 * What the replicas share: the PostgreSQL of DATABASE_URL with the operator's secrets, or that of `npm start` with the
 * generated ones.
 */
export async function findDatabase(environment, dataDir, log) {
  if (environment.DATABASE_URL) return { environment: {}, stop: async () => undefined };
  const secrets = generatedSecrets(dataDir);
  const { url, stop } = await startEmbeddedPostgres({ dataDir, password: secrets.databasePassword, log });
  const generated = {
    MASTER_KEY: secrets.masterKey,
    MASTER_KEY_PREVIOUS: secrets.masterKeyPrevious ?? '',
    JWT_REFRESH_SECRET: secrets.jwtRefreshSecret,
    PASSWORD_PEPPER: secrets.passwordPepper,
  };
  const given = Object.entries(environment).filter(([name, value]) => name in generated && value);
  return { environment: { ...generated, ...Object.fromEntries(given), DATABASE_URL: url }, stop };
}
