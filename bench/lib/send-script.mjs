import { parseEnvelope } from '@sealgate/protocol';
import { SendService } from '../../dist/src/messages/envelopes/send.service.js';

/** What the recorder answers, to be found again among the parameters that follow from it. */
const LAST_SEQ = 4_100;
const POSITIONS = [7_001, 7_002];
const ID = '00000000-0000-4000-8000-000000000000';
/** A random id, made of integers: pgbench has no others. */
const ANY_ID =
  "(lpad(to_hex(:r::bigint), 8, '0') || '-0000-4000-8000-' || lpad(to_hex(:s::bigint), 12, '0'))::uuid";

/**
 * A script for pgbench with the very statements that the server sends for one message: the server's own code runs
 * once against a recorder instead of a database. What it fills in from earlier answers, pgbench does too (`\gset`).
 * @returns the script, and the variables that hold the other parameters.
 */
export async function scriptOf({ chatId, senderId, people, envelope }) {
  const recorded = await record({ chatId, senderId, people, envelope });
  const variables = {};
  const statements = recorded.map(({ sql, parameters }, at) => {
    const filled = sql.replaceAll(/\$(\d+)/g, (_, number) => {
      const name = `v${at}_${number}`;
      const [expression, value] = parameterOf(parameters[number - 1], name, people);
      if (value !== undefined) variables[name] = value;
      return expression;
    });
    const isUsed = /"lastSeq"|AS positions/.test(sql);
    return `${filled.replaceAll(/\s+/g, ' ').trim()} ${isUsed ? '\\gset' : ';'}`;
  });
  const ids = ['\\set r random(0, 4294967295)', '\\set s random(0, 281474976710655)'];
  return { script: `${[...ids, 'BEGIN;', ...statements, 'COMMIT;'].join('\n')}\n`, variables };
}

async function record({ chatId, senderId, people, envelope }) {
  const recorded = [];
  const positions = Object.fromEntries(people.map(({ id }, i) => [id, POSITIONS[i]]));
  const keys = people.map(({ id, kid }) => ({ userId: id, version: 1, encryptionKid: kid, signingKid: kid }));
  const answerTo = (sql) => {
    if (sql.includes('"isMember"')) return [{ isMember: true, isSame: null, positions }];
    if (sql.includes('"lastSeq"')) return [{ lastSeq: LAST_SEQ, isBlocked: false }];
    return keys;
  };
  const runInTwoSteps = async (_, { first, decide }) => {
    const { statements, result } = decide(
      first.map(({ sql }) => answerTo(sql.text)),
      new Date(),
    );
    recorded.push(...[...first, ...statements].map(({ sql, parameters }) => ({ sql: sql.text, parameters })));
    return result;
  };
  const header = JSON.parse(Buffer.from(envelope.protected, 'base64url'));
  const bound = Buffer.from(JSON.stringify({ ...header, id: ID })).toString('base64url');
  const sent = { id: ID, chatId, envelope: { ...envelope, protected: bound } };
  parseEnvelope(sent.envelope);
  await new SendService({ runInTwoSteps }).send(senderId, sent);
  return recorded;
}

/** @returns what stands in the script, and the variable's value where it is one. */
function parameterOf(value, name, people) {
  if (value === ID) return [ANY_ID];
  if (value instanceof Date) return ['now()'];
  if (value === LAST_SEQ + 1) return ['(:lastSeq + 1)'];
  if (Buffer.isBuffer(value)) return [`:${name}`, `\\x${value.toString('hex')}`];
  if (!Array.isArray(value)) return [`:${name}`, String(value)];
  if (!value.includes(POSITIONS[0])) return [`:${name}`, `{${value.join(',')}}`];
  const taken = people.map(({ id }) => `(:positions::json ->> '${id}')::bigint`);
  return [`ARRAY[${taken.join(', ')}]`];
}
