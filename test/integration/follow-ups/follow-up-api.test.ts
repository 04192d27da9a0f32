import { expect } from 'chai';
import { wallText } from '../../../src/engines/routing/wall-clock.js';
import { ADAS_MOBILE, ADAS_NUMBER, addOutbound, OUTBOUND } from '../../support/campaign-company.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const DAY_MS = 86_400_000;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & {
    readonly error?: {
      readonly code: string;
      readonly problems: readonly { readonly field: string; readonly message: string }[];
    };
  };
}

describe('the API', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let admin: TestClient;
  let key: string;

  before(async () => {
    at = await CallsSite.start();
    await addOutbound(at);
    await at.site.parts
      .database('contacts')
      .where({ id: OUTBOUND.ada })
      .update({ external_key: 'C-17' });
    admin = await at.site.client('admin');
    await admin.get('/setup/api-keys');
    const made = await admin.post('/setup/api-keys', { name: 'Web shop' });
    expect(made.status).to.equal(200);
    key = /cbk_[A-Za-z0-9_-]{43}/.exec(made.text)?.[0] ?? '';
  });
  after(async () => {
    expect(at.site.errors).to.deep.equal([]);
    await at.site.stop();
  });
  beforeEach(() => at.site.parts.database('follow_ups').del());

  const ask = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    authorization = `Bearer ${key}`,
  ): Promise<Answer> => {
    const answer = await fetch(`${at.site.url}/api/v1${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  /** Eleven in the morning in London on the next working day but one. */
  const due = (hour = 11): string => {
    for (let day = 2; ; day += 1) {
      const date = wallText(Date.now() + day * DAY_MS, 'Europe/London').slice(0, 10);
      if (![0, 6].includes(new Date(`${date}T12:00Z`).getUTCDay()))
        return `${date}T${String(hour).padStart(2, '0')}:00:00+00:00`;
    }
  };
  const wish = (changes: Readonly<Record<string, unknown>> = {}) => ({
    ...{ externalKey: 'C-17', kind: 'appointment', dueAt: due(), campaign: OUTBOUND.campaign },
    note: 'About the order',
    ...changes,
  });
  const problems = ({ body }: Answer) => body.error?.problems.map(({ field }) => field);

  it('books for a contact by the company’s own key or a number, and says what became of it', async () => {
    const made = await ask('POST', '/follow-ups', wish({ agent: COMPANY.mara }));
    expect(made.status, JSON.stringify(made.body)).to.equal(201);
    expect(made.body).to.include({
      ...{ kind: 'appointment', state: 'open', contact: OUTBOUND.ada, number: ADAS_NUMBER },
      ...{ campaign: OUTBOUND.campaign, agent: COMPANY.mara, note: 'About the order' },
    });
    expect(new Date(String(made.body['dueAt'])).getTime()).to.equal(new Date(due()).getTime());
    const { externalKey, ...other } = wish({ number: '07700 900123', kind: 'task' });
    expect(externalKey).to.equal('C-17');
    const second = await ask('POST', '/follow-ups', other);
    expect(second.body).to.include({ kind: 'task', number: ADAS_MOBILE, agent: null });
    await at.site.parts.database('follow_ups').update({ state: 'done', outcome: 'Bought it' });
    const later = await ask('GET', `/follow-ups/${String(made.body['id'])}`);
    expect(later.body).to.include({ state: 'done', outcome: 'Bought it' });
    const rows = await at.site.parts.database('follow_ups').pluck('source');
    expect(rows).to.deep.equal(['api', 'api']);
    const audit = await at.site.parts
      .database('audit_entries')
      .orderBy('id', 'desc')
      .first<{ actor_name?: string; user_name?: string; action: string }>('*');
    expect(audit.action).to.equal('follow-up.create');
    expect(JSON.stringify(audit)).to.include('Web shop');
  });

  it('says which field is wrong', async () => {
    for (const [changes, fields] of [
      [{ externalKey: 'nobody' }, ['externalKey']],
      [{ externalKey: undefined }, ['number']],
      [{ number: '+12125550123' }, ['number']],
      [{ kind: 'party' }, ['kind']],
      [{ dueAt: 'tomorrow' }, ['dueAt']],
      [{ dueAt: '2020-01-01T10:00:00Z' }, ['dueAt']],
      [{ dueAt: due(3) }, ['dueAt']],
      [{ campaign: 99 }, ['campaign']],
      [{ agent: 99 }, ['agent']],
    ] as const) {
      const answer = await ask('POST', '/follow-ups', wish(changes));
      expect(answer.status, JSON.stringify(changes)).to.equal(422);
      expect(problems(answer), JSON.stringify(answer.body)).to.deep.equal(fields);
    }
    expect(
      (await ask('POST', '/follow-ups', wish({ dueAt: due(3), anyway: true }))).status,
    ).to.equal(201);
    expect((await ask('POST', '/follow-ups', '{')).status).to.equal(400);
    expect((await ask('GET', '/follow-ups/999')).status).to.equal(404);
    expect((await ask('GET', '/nothing')).status).to.equal(404);
  });

  it('keeps whom nobody calls, tells, and takes a number off with a reason', async () => {
    const number = '+447700900123';
    const added = await ask('POST', '/do-not-call', { number: '07700 900123', note: 'By post' });
    expect(added).to.deep.equal({ status: 201, body: { number, isNew: true } });
    expect((await ask('POST', '/do-not-call', { number })).status).to.equal(200);
    const told = await ask('GET', `/do-not-call/${encodeURIComponent(number)}`);
    expect(told.body).to.include({ number, isListed: true });
    const [entry] = told.body['entries'] as readonly Readonly<Record<string, unknown>>[];
    expect(entry).to.include({ campaign: null, source: 'api', note: 'By post' });
    const path = `/do-not-call/${String(entry?.['id'])}`;
    const unasked = await ask('DELETE', path, {});
    expect([unasked.status, problems(unasked)]).to.deep.equal([422, ['reason']]);
    expect((await ask('DELETE', path, { reason: 'Asked to be called' })).status).to.equal(200);
    const free = await ask('GET', `/do-not-call/${encodeURIComponent(number)}`);
    expect(free.body).to.include({ isListed: false });
    for (const [body, field] of [
      [{ number: 'nobody' }, 'number'],
      [{}, 'number'],
      [{ number, campaign: 99_999 }, 'campaign'],
    ] as const)
      expect(problems(await ask('POST', '/do-not-call', body))).to.deep.equal([field]);
    expect((await ask('POST', '/do-not-call', { number }, 'Bearer nobody')).status).to.equal(401);
  });

  it('lets nobody in without a key, with another one, or with one that was ended', async () => {
    for (const authorization of ['', 'Bearer ', 'Bearer cbk_wrong', `Basic ${key}`]) {
      const answer = await ask('POST', '/follow-ups', wish(), authorization);
      expect(answer.status, authorization).to.equal(401);
    }
    const list = (await admin.get('/setup/api-keys')).text;
    expect(list).to.include('Web shop');
    expect(list).not.to.include(key);
    const [id] = (await at.site.parts.database('api_keys').pluck('id')) as number[];
    const stored = await at.site.parts.database('api_keys').select('*');
    expect(JSON.stringify(stored)).not.to.include(key.slice(12));
    expect((await admin.post(`/setup/api-keys/${String(id)}/end`, {})).status).to.equal(303);
    expect((await ask('GET', '/follow-ups/1')).status).to.equal(401);
    expect((await admin.post(`/setup/api-keys/${String(id)}/end`, {})).status).to.equal(404);
    const supervisor = await at.site.client('supervisor');
    expect((await supervisor.get('/setup/api-keys')).status).to.equal(403);
  });
});
