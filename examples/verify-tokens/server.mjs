// A service of its own beside Sealgate: GET /whoami with a bearer token tells who the token speaks for.
//   SEALGATE=https://gate.example.org PORT=4000 node server.mjs
import { createServer } from 'node:http';
import { Refused, tokenVerifier } from './verify.mjs';

const { SEALGATE = 'http://localhost:3000', PORT = '4000', HOST = '127.0.0.1' } = process.env;
const verify = tokenVerifier(SEALGATE);

async function whoAmI(request, response) {
  const answer = (status, body, headers = {}) =>
    response
      .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers })
      .end(JSON.stringify(body));
  if (request.method !== 'GET' || request.url !== '/whoami') return answer(404, { error: 'not found' });
  const [, token] = /^Bearer ([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined)
    return answer(401, { error: 'a bearer token is needed' }, { 'www-authenticate': 'Bearer' });
  try {
    answer(200, await verify(token));
  } catch (error) {
    if (error instanceof Refused)
      return answer(401, { error: error.message }, { 'www-authenticate': 'Bearer error="invalid_token"' });
    console.error(error);
    answer(503, { error: 'the keys cannot be fetched' }, { 'retry-after': '5' });
  }
}

const server = createServer((request, response) => void whoAmI(request, response));
server.listen(Number(PORT), HOST, () => console.log(`listening on http://${HOST}:${server.address().port}`));
