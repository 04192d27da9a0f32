import { expect } from 'chai';
import { passwordProblem } from '../../../src/features/users/password.js';
import { setRequestState } from '../../../src/web/request-state.js';
import { ownPath } from '../../../src/features/users/index.js';
import { readCookies, SiteCookies } from '../../../src/web/cookies.js';
import {
  isOwnOrigin,
  maskToken,
  requireCsrf,
  sameSecret,
  tokenBefore,
} from '../../../src/web/csrf.js';

describe('security of requests', () => {
  it('compares secrets whole', () => {
    expect(sameSecret('abc', 'abc')).to.equal(true);
    expect(sameSecret('abc', 'abd')).to.equal(false);
    expect(sameSecret('', 'abc')).to.equal(false);
    expect(sameSecret('abcd', 'abc')).to.equal(false);
  });

  it('makes tokens before sign-in that only the server can make', () => {
    const key = Buffer.alloc(32, 1);
    expect(tokenBefore(key, 'cookie')).to.equal(tokenBefore(key, 'cookie'));
    expect(tokenBefore(key, 'cookie')).not.to.equal(tokenBefore(key, 'planted'));
    expect(tokenBefore(key, 'cookie')).not.to.equal(tokenBefore(Buffer.alloc(32, 2), 'cookie'));
  });

  it('takes tokens masked only, which no page writes alike twice', () => {
    const csrf = tokenBefore(Buffer.alloc(32, 1), 'cookie');
    const req = { get: () => undefined };
    setRequestState(req, { signedIn: undefined, language: 'en', csrf });
    const isTaken = (field: string): boolean => {
      try {
        requireCsrf(req as never, field);
        return true;
      } catch {
        return false;
      }
    };
    const masked = Array.from({ length: 20 }, () => maskToken(csrf));
    expect(new Set(masked).size).to.equal(20);
    expect(masked.every(isTaken)).to.equal(true);
    const [one = ''] = masked;
    for (const wrong of ['', 'x', csrf, maskToken('other'), one.slice(1), `${one}AA`, `B${one}`])
      expect(isTaken(wrong), wrong).to.equal(false);
  });

  it('knows requests that another site made a browser send', () => {
    const from = (origin: string | undefined) =>
      isOwnOrigin({
        headers: { host: 'pbx.local:8080', ...(origin === undefined ? {} : { origin }) },
      });
    expect(from(undefined)).to.equal(true);
    expect(from('http://pbx.local:8080')).to.equal(true);
    expect(from('http://evil.example')).to.equal(false);
    expect(from('null')).to.equal(false);
    const behindProxy = { headers: { host: '127.0.0.1:8080', origin: 'https://calls.example' } };
    expect(isOwnOrigin(behindProxy, 'https://calls.example')).to.equal(true);
    expect(isOwnOrigin(behindProxy, 'https://other.example')).to.equal(false);
  });

  it('sends nobody to another site after sign-in', () => {
    for (const path of ['//evil.example', '/\\evil.example', 'https://evil.example', '/a b', '', 7])
      expect(ownPath(path), String(path)).to.equal('/');
    expect(ownPath('/calls?from=today')).to.equal('/calls?from=today');
  });

  it('reads cookies and leaves odd ones out', () => {
    const cookies = readCookies({ headers: { cookie: 'a=1; b=x.y-z; c=<script>; d; e=' } });
    expect(cookies).to.deep.equal({ a: '1', b: 'x.y-z', e: '' });
  });

  it('binds cookies to the host where the site is served over https', () => {
    expect(new SiteCookies(true).sessionName).to.equal('__Host-cb_session');
    expect(new SiteCookies(false).sessionName).to.equal('cb_session');
  });

  it('refuses passwords that are easily guessed', () => {
    expect(passwordProblem('short', 'ada')).to.equal('users.problem.password-short');
    expect(passwordProblem('x'.repeat(201), 'ada')).to.equal('users.problem.password-long');
    expect(passwordProblem('my name is Mara.Quill', 'mara.quill')).to.equal(
      'users.problem.password-login',
    );
    expect(passwordProblem('aaaaaaaaaaaa', 'ada')).to.equal('users.problem.password-simple');
    expect(passwordProblem('four plain words here', 'ada')).to.equal(undefined);
  });
});
