import { expect } from 'chai';
import type { ServerResponse } from 'node:http';
import { FlowHttpClient } from '../../../src/adapters/http/flow-http-client.js';
import type { FetchEffect } from '../../../src/engines/ivr/effects.js';
import { json, startHookServer, type HookServer } from '../../support/hook-server.js';

const never = new AbortController().signal;

describe('requests of flows', () => {
  let server: HookServer;
  const client = new FlowHttpClient(['127.0.0.1']);
  const request = (changes: Partial<FetchEffect> = {}): FetchEffect => ({
    ...{ kind: 'fetch', method: 'GET', url: server.url, headers: [], answers: [] },
    ...{ contentType: 'application/json', timeoutMs: 2_000 },
    ...changes,
  });
  const wanted = [
    { variable: 'status', path: 'data.orders.0.status' },
    { variable: 'total', path: 'data.total' },
  ];
  const failure = async (changes: Partial<FetchEffect> = {}, with_ = client, signal = never) => {
    const fetched = await with_.fetch(request({ answers: wanted, ...changes }), signal);
    return fetched.kind === 'fetch-failed' ? fetched.reason : fetched.variables;
  };

  beforeEach(async () => {
    server = await startHookServer();
  });
  afterEach(() => server.stop());

  it('take values out of the answer, and say by their key that they are the same', async () => {
    server.answerWith(json({ data: { orders: [{ status: 'sent' }], total: 12.5 } }));
    const fetched = await client.fetch(
      request({
        ...{ method: 'POST', body: '{"a":1}', answers: wanted, idempotencyKey: 'call/1/step/3' },
        headers: [
          { name: 'X-Key', value: 'geheim é 好' },
          { name: 'Host', value: 'elsewhere.example' },
        ],
      }),
      never,
    );
    expect(fetched).to.deep.equal({
      kind: 'fetched',
      variables: { status: 'sent', total: '12.5' },
    });
    const [visit] = server.visits;
    expect(visit?.body).to.equal('{"a":1}');
    expect(visit?.headers).to.include({
      ...{ 'idempotency-key': 'call/1/step/3', 'content-type': 'application/json' },
      host: new URL(server.url).host,
    });
    expect(visit?.headers['x-key']).to.equal('geheim ? ?');
  });

  it('change and delete, with a body or without', async () => {
    server.answerWith((response) => void response.writeHead(204).end());
    for (const method of ['PATCH', 'DELETE'] as const) {
      const fetched = await client.fetch(request({ method, body: '{"a":1}' }), never);
      expect(fetched, method).to.deep.equal({ kind: 'fetched', variables: {} });
    }
    await client.fetch(request({ method: 'DELETE' }), never);
    expect(server.visits.map(({ body }) => body)).to.deep.equal(['{"a":1}', '{"a":1}', '']);
  });

  it('refuse what is no answer: too long, late, of wrong types, not JSON, none of success', async () => {
    const answers: readonly (readonly [(response: ServerResponse) => void, string])[] = [
      [(response) => void response.end('x'.repeat(10_000_000)), 'too-large'],
      [json({ data: { orders: [{ status: ['a', 'list'] }], total: 1 } }), 'missing-field'],
      [json({ data: 'a text' }), 'missing-field'],
      [(response) => void response.end('<html>'), 'not-json'],
      [json({ error: 'no' }, 503), 'status-503'],
      [(response) => void response.writeHead(302, { location: '/x' }).end(), 'status-302'],
      [(response) => void response.destroy(), 'refused'],
    ];
    for (const [answer, reason] of answers) {
      server.answerWith(answer);
      expect(await failure(), reason).to.equal(reason);
    }
    server.answerWith(() => undefined);
    expect(await failure({ timeoutMs: 60 })).to.equal('timeout');
  });

  it('do not reach the inside of the house unless it is named, by whatever address it is written', async () => {
    const open = new FlowHttpClient([]);
    const { port } = new URL(server.url);
    for (const host of [
      '127.0.0.1',
      'localhost',
      '[::1]',
      '2130706433',
      '0x7f.1',
      '169.254.169.254',
    ])
      expect(await failure({ url: `http://${host}:${port}/` }, open), host).to.equal('blocked');
    for (const url of ['file:///etc/passwd', 'ftp://example.org/', 'no address', ''])
      expect(await failure({ url }, open), url).to.equal('blocked');
    expect(server.visits).to.have.length(0);
  });

  it('end when the caller hangs up', async () => {
    server.answerWith(() => undefined);
    const stop = new AbortController();
    const asked = failure({ timeoutMs: 30_000 }, client, stop.signal);
    stop.abort();
    expect(await asked).to.equal('refused');
  });
});
