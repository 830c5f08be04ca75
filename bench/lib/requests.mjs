import { randomUUID } from 'node:crypto';

/**
 * What a connection sends next, given the answer to what it sent before. Kinds that a load job may name:
 * `requests`: the same bytes again and again, connection i the i-th; `refresh`: each answer brings the next token;
 * `messages`: one envelope again and again, each time under a new id.
 * @returns for each connection, what is next; and what a later job needs to go on.
 */
export function nextRequests({ requests, refresh, messages }) {
  const nothing = () => ({});
  if (requests) return { nextFor: (i) => () => requests[i % requests.length], left: nothing };
  if (refresh) return { nextFor: (i) => nextRefresh(refresh, i), left: () => ({ tokens: refresh.tokens }) };
  return { nextFor: (i) => nextMessage(messages, i), left: nothing };
}

export function request(method, path, headers, body = null) {
  const lines = Object.entries({ host: 'bench.example', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  if (body !== null)
    lines.push('content-type: application/json', `content-length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`);
}

function nextRefresh({ path, tokens }, i) {
  return (answer) => {
    if (answer !== null) tokens[i] = /"refreshToken":"([^"]+)"/.exec(answer.latin1Slice())?.[1] ?? '';
    return request('POST', path, {}, JSON.stringify({ refreshToken: tokens[i] }));
  };
}

/** Only the id differs: in the body, and in the protected header, where the server looks for it. */
function nextMessage({ path, templates }, i) {
  const { authorization, chatId, envelope } = templates[i % templates.length];
  const header = JSON.parse(Buffer.from(envelope.protected, 'base64url'));
  return () => {
    const id = randomUUID();
    const bound = Buffer.from(JSON.stringify({ ...header, id })).toString('base64url');
    const body = JSON.stringify({ id, chatId, envelope: { ...envelope, protected: bound } });
    return request('POST', path, { authorization }, body);
  };
}
