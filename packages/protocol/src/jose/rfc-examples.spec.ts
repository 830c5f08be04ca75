import { importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { decodeBase64url } from '../base64url.js';
import { refusal } from '../testing/refusal.js';
import { thumbprint } from '../keys/thumbprint.js';
import { parseCompactJwe } from './compact-jwe.js';
import { parseCompactJws } from './compact-jws.js';
import { decryptRsa } from './decrypt-rsa.js';
import { verifyEs256 } from './verify-es256.js';

describe('RFC 7515 Appendix A', () => {
  const payload =
    'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ';
  const es256 = `eyJhbGciOiJFUzI1NiJ9.${payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`;
  const x = 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU';
  const y = 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0';

  it('A.3: the ES256 example verifies under its key, and under no other', async () => {
    const kid = await thumbprint({ kty: 'EC', crv: 'P-256', x, y });
    const key = { kty: 'EC', crv: 'P-256', x, y, alg: 'ES256', use: 'sig', kid } as const;
    const jws = parseCompactJws(es256, 200);
    expect(jws.header).toEqual({ alg: 'ES256' });
    expect(await verifyEs256(jws.signedData, jws.signature, key)).toBe(true);
    expect(
      await verifyEs256(
        jws.signedData,
        jws.signature.map((byte) => byte ^ 1),
        key,
      ),
    ).toBe(false);
    expect(await verifyEs256(jws.payload, jws.signature, key)).toBe(false);
    expect(await verifyEs256(jws.signedData, jws.signature.slice(1), key)).toBe(false);
  });

  it('A.1, A.5: the examples by HS256 and by nobody are not signatures of ours', async () => {
    const hs256 = `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`;
    const unsigned = `eyJhbGciOiJub25lIn0.${payload}.`;
    for (const jws of [hs256, unsigned])
      expect(await refusal(() => parseCompactJws(jws, 200))).toBe('malformed');
  });
});

describe('RFC 7516 Appendix A.1', () => {
  // By RSA-OAEP with SHA-1 and a modulus of 2048 bits: well made, and none of ours.
  const example =
    'eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.' +
    'OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9kiMT03JGeipsEdY3mx_etLbbWSrFr05kLzcSr4qKAq7YN7e9jwQRb23nfa6c9d-StnImGyFDbSv04uVuxIp5Zms1gNxKKK2Da14B8S4rzVRltdYwam_lDp5XnZAYpQdb76FdIKLaVmqgfwX7XWRxv2322i-vDxRfqNzo_tETKzpVLzfiwQyeyPGLBIO56YJ7eObdv0je81860ppamavo35UgoRdbYaBcoh9QcfylQr66oc6vFWXRcZ_ZT2LawVCWTIy3brGPi6UklfCpIMfIjf7iGdXKHzg.' +
    '48V1_ALb6US04U3b.' +
    '5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6jiSdiwkIr3ajwQzaBtQD_A.' +
    'XFBoMYUZodetZdvTiFvSkQ';
  const [header = '', key = '', iv = '', ciphertext = '', tag = ''] = example.split('.');
  const jwk = {
    kty: 'RSA',
    n: 'oahUIoWw0K0usKNuOR6H4wkf4oBUXHTxRvgb48E-BVvxkeDNjbC4he8rUWcJoZmds2h7M70imEVhRU5djINXtqllXI4DFqcI1DgjT9LewND8MW2Krf3Spsk_ZkoFnilakGygTwpZ3uesH-PFABNIUYpOiN15dsQRkgr0vEhxN92i2asbOenSZeyaxziK72UwxrrKoExv6kc5twXTq4h-QChLOln0_mtUZwfsRaMStPs6mS6XrgxnxbWhojf663tuEQueGC-FCMfra36C9knDFGzKsNa7LZK2djYgyD3JR_MB_4NUJW_TqOQtwHYbxevoJArm-L5StowjzGy-_bq6Gw',
    e: 'AQAB',
    d: 'kLdtIj6GbDks_ApCSTYQtelcNttlKiOyPzMrXHeI-yk1F7-kpDxY4-WY5NWV5KntaEeXS1j82E375xxhWMHXyvjYecPT9fpwR_M9gV8n9Hrh2anTpTD93Dt62ypW3yDsJzBnTnrYu1iwWRgBKrEYY46qAZIrA2xAwnm2X7uGR1hghkqDp0Vqj3kbSCz1XyfCs6_LehBwtxHIyh8Ripy40p24moOAbgxVw3rxT_vlt3UVe4WO3JkJOzlpUf-KTVI2Ptgm-dARxTEtE-id-4OJr0h-K-VFs3VSndVTIznSxfyrj8ILL6MG_Uv8YAu7VILSB3lOW085-4qE3DzgrTjgyQ',
    p: '1r52Xk46c-LsfB5P442p7atdPUrxQSy4mti_tZI3Mgf2EuFVbUoDBvaRQ-SWxkbkmoEzL7JXroSBjSrK3YIQgYdMgyAEPTPjXv_hI2_1eTSPVZfzL0lffNn03IXqWF5MDFuoUYE0hzb2vhrlN_rKrbfDIwUbTrjjgieRbwC6Cl0',
    q: 'wLb35x7hmQWZsWJmB_vle87ihgZ19S8lBEROLIsZG4ayZVe9Hi9gDVCOBmUDdaDYVTSNx_8Fyw1YYa9XGrGnDew00J28cRUoeBB_jKI1oma0Orv1T9aXIWxKwd4gvxFImOWr3QRL9KEBRzk2RatUBnmDZJTIAfwTs0g68UZHvtc',
    dp: 'ZK-YwE7diUh0qR1tR7w8WHtolDx3MZ_OTowiFvgfeQ3SiresXjm9gZ5KLhMXvo-uz-KUJWDxS5pFQ_M0evdo1dKiRTjVw_x4NyqyXPM5nULPkcpU827rnpZzAJKpdhWAgqrXGKAECQH0Xt4taznjnd_zVpAmZZq60WPMBMfKcuE',
    dq: 'Dq0gfgJ1DdFGXiLvQEZnuKEN0UUmsJBxkjydc3j4ZYdBiMRAy86x0vHCjywcMlYYg4yoC4YZa9hNVcsjqA3FeiL19rk8g6Qn29Tt0cj8qqyFpz9vNDBUfCAiJVeESOjJDZPYHdHY8v1b-o-Z2X5tvLx-TCekf7oxyeKDUqKWjis',
    qi: 'VIMpMYbPf47dT1w_zDUXfPimsSegnMOA1zTaX7aGk_8urY6R8-ZW1FxU7AlWAyLWybqq6t16VFd7hQd0y6flUK4SlOydB61gwanOsXGOAOv82cHq0E3eL4HrtZkUuKvnPrMnsUUFlfUdybVzxyjz9JF_XyaY14ardLSjf4L_FNY',
  };

  it('has the parts that the RFC says it has, but a shorter key than we take', async () => {
    expect(new TextDecoder().decode(decodeBase64url(header))).toBe('{"alg":"RSA-OAEP","enc":"A256GCM"}');
    expect(await refusal(() => parseCompactJwe(example, 'rsa', 10_000))).toBe('malformed');
  });

  it('is not decrypted even with its key, since its algorithm is not ours', async () => {
    const jwe = { protected: header, encrypted_key: key, iv, ciphertext, tag };
    for (const alg of ['RSA-OAEP', 'RSA-OAEP-256']) {
      expect(await refusal(async () => decryptRsa(jwe, await importJWK({ ...jwk, kty: 'RSA' }, alg)))).toBe(
        'tampered',
      );
    }
    const { flattenedDecrypt } = await import('jose');
    const { plaintext } = await flattenedDecrypt(jwe, await importJWK({ ...jwk, kty: 'RSA' }, 'RSA-OAEP'));
    expect(new TextDecoder().decode(plaintext)).toBe(
      'The true sign of intelligence is not knowledge but imagination.',
    );
  });
});
