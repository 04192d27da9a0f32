import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  makePromptsFeature,
  makeSounds,
  type PromptsFeature,
} from '../../../src/features/prompts/index.js';
import { openDirectory } from '../../../src/features/directory/index.js';
import { soundFolder } from '../../../src/adapters/files/sound-folder.js';
import {
  PhoneTakes,
  type TakeMemory,
  type TakeStatus,
} from '../../../src/features/prompts/phone-takes.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import type { ConfigurationKind } from '../../../src/kernel/announcer.js';
import { AppError } from '../../../src/kernel/errors.js';
import type { PromptId } from '../../../src/kernel/ids.js';
import type { DeskAnswer, DeskCommand } from '../../../src/telephony/live.js';
import { SYSTEM_PROMPTS } from '../../../src/telephony/system-prompts.js';
import type { PromptTake } from '../../../src/telephony/prompt-takes.js';
import { sox } from '../../support/sounds.js';
import { TestSite, type TestAnswer, type TestClient } from '../../support/web.js';

type Files = Readonly<Record<string, { readonly name: string; readonly bytes: Buffer }>>;

function postPrompt(
  client: TestClient,
  path: string,
  fields: Readonly<Record<string, string>>,
  files: Files = {},
): Promise<TestAnswer> {
  const body = new FormData();
  for (const [name, value] of Object.entries({ _csrf: client.csrf, ...fields }))
    body.append(name, value);
  for (const [name, file] of Object.entries(files))
    body.append(name, new Blob([new Uint8Array(file.bytes)]), file.name);
  return client.send(path, { body });
}

describe('prompt pages', function () {
  this.timeout(60_000);
  let folder: string;
  let site: TestSite;
  let feature: PromptsFeature;
  let admin: TestClient;
  const announced: ConfigurationKind[] = [];
  const asked: DeskCommand[] = [];
  let deskAnswer: DeskAnswer = { ok: true };
  const kept = new Map<string, { take: PromptTake; status: TakeStatus }>();
  const takes: TakeMemory = {
    put: (take) => {
      kept.set(take.id, { take, status: { state: 'ringing' } });
      return Promise.resolve();
    },
    find: (id) => Promise.resolve(kept.get(id)),
    note: (id, status) => {
      const found = kept.get(id);
      if (found) kept.set(id, { ...found, status });
    },
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cordboard-prompts-'));
    site = await TestSite.start(({ database }) => {
      const announcer = {
        configurationChanged: (kind: ConfigurationKind) => {
          announced.push(kind);
          return Promise.resolve();
        },
      };
      feature = makePromptsFeature(database, announcer, folder, {
        phone: {
          desk: {
            ask: (command) => {
              asked.push(command);
              return Promise.resolve(deskAnswer);
            },
          },
          memory: takes,
        },
      });
      return [feature];
    });
    admin = await site.client('admin');
  });
  after(async () => {
    await site.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const tone = (seconds = '1'): Buffer => {
    const path = join(folder, 'tone.wav');
    sox('-n', '-r', '16000', path, 'synth', seconds, 'sine', '440');
    return readFileSync(path);
  };
  const idOf = async (name: string): Promise<PromptId> => {
    const row = await site.parts
      .database('prompts')
      .where({ name })
      .first<{ id: PromptId } | undefined>('id');
    if (row === undefined) throw new Error(`there is no prompt ${name}`);
    return row.id;
  };

  it('speaks the texts of both languages, keeps the change in the audit log and tells the calls', async () => {
    await admin.get('/setup/prompts/new');
    announced.length = 0;
    const answer = await postPrompt(admin, '/setup/prompts', {
      name: 'Greeting',
      textEn: 'Welcome to Alder Home.',
      textZh: '欢迎致电。',
    });
    expect([answer.status, answer.location]).to.deep.equal([303, '/setup/prompts']);
    const list = await admin.get('/setup/prompts');
    expect(list.text).to.contain('Greeting').and.contain('简体中文').and.contain('Prompt created.');
    const stored = await feature.service.get(SYSTEM_ACTOR, await idOf('Greeting'));
    expect(stored.sounds.en).to.include({ source: 'speech', text: 'Welcome to Alder Home.' });
    expect(stored.sounds['zh-CN']?.durationMs).to.be.above(500);
    expect(announced).to.deep.equal(['prompts']);
    const audit = await site.parts.database('audit_entries').where({ action: 'prompt.create' });
    expect(audit).to.have.length(1);
  });

  it('plays the sound in the page, whole and in parts', async () => {
    const path = `/setup/prompts/${String(await idOf('Greeting'))}/sound/en`;
    const whole = await admin.get(path);
    expect(whole.status).to.equal(200);
    expect(whole.headers.get('content-type')).to.equal('audio/wav');
    const part = await admin.get(path, { range: 'bytes=0-99' });
    expect(part.status).to.equal(206);
    expect(part.headers.get('content-length')).to.equal('100');
    expect(part.headers.get('content-range')).to.match(/^bytes 0-99\//);
    expect((await admin.get(path, { range: 'bytes=99999999-' })).status).to.equal(416);
  });

  it('serves pbx nodes without signing in, for ever, by hash only', async () => {
    const stored = await feature.service.get(SYSTEM_ACTOR, await idOf('Greeting'));
    const hash = stored.sounds.en?.hash ?? '';
    const guest = await site.client();
    const answer = await guest.get(`/media/${hash}.wav`);
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-type')).to.equal('audio/wav');
    for (const name of [
      `${hash}.16k.wav`,
      hash,
      `${hash}.WAV`,
      `${hash.toUpperCase()}.wav`,
      `${'0'.repeat(64)}.wav`,
      'system.json',
      '..%2Fsystem.json',
      '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
      `..%2Fprompts%2F${hash}.wav`,
      `${hash}.wav%00.txt`,
    ])
      expect((await guest.get(`/media/${name}`)).status, name).to.be.oneOf([400, 404]);
  });

  it('takes an uploaded file and what it says', async () => {
    const id = await idOf('Greeting');
    const page = await admin.get(`/setup/prompts/${String(id)}`);
    const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
    const answer = await postPrompt(
      admin,
      `/setup/prompts/${String(id)}`,
      { name: 'Greeting', version, textEn: 'Welcome, by Amy', textZh: '欢迎致电。' },
      { fileEn: { name: '../../../evil name<script>.wav', bytes: tone('2') } },
    );
    expect(answer.status).to.equal(303);
    const stored = await feature.service.get(SYSTEM_ACTOR, id);
    expect(stored.sounds.en).to.include({ source: 'upload', text: 'Welcome, by Amy' });
    expect(stored.sounds.en?.durationMs).to.be.closeTo(2_000, 50);
    expect(stored.sounds['zh-CN']?.source).to.equal('speech');
  });

  it('refuses to save over what somebody else saved, and shows both', async () => {
    const id = await idOf('Greeting');
    await admin.get(`/setup/prompts/${String(id)}`);
    const answer = await postPrompt(admin, `/setup/prompts/${String(id)}`, {
      name: 'Other name',
      version: '1',
      textEn: 'x',
      textZh: '欢迎致电。',
    });
    expect(answer.status).to.equal(409);
    expect(answer.text).to.contain('Other name').and.contain('Greeting');
  });

  const wrong: readonly (readonly [string, Buffer, string])[] = [
    [
      'a text named .wav',
      Buffer.from('Good morning'.repeat(50)),
      'This is not a sound that can be read',
    ],
    ['a header that is cut off', Buffer.from('RIFF\x24\0\0\0WAVEfmt '), 'cannot be read'],
    ['a file without a byte', Buffer.alloc(0), '0 bytes'],
  ];
  for (const [what, bytes, says] of wrong)
    it(`says beside the field that ${what} will not do, and keeps what was typed`, async () => {
      await admin.get('/setup/prompts/new');
      const answer = await postPrompt(
        admin,
        '/setup/prompts',
        { name: 'Nonsense', textEn: 'Something typed', textZh: '' },
        { fileEn: { name: 'greeting.wav', bytes } },
      );
      expect(answer.status).to.equal(422);
      expect(answer.text).to.contain(says).and.contain('Something typed').and.contain('Nonsense');
      expect(answer.text).to.match(/id="f-fileEn"[^>]*aria-invalid="true"/);
    });

  it('takes a file field that was left empty for no file, as browsers send it', async () => {
    await admin.get('/setup/prompts/new');
    const boundary = 'cordboard-test-boundary';
    const part = (head: string, value: string): string =>
      `--${boundary}\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
    const body = [
      part('name="_csrf"', admin.csrf),
      part('name="name"', 'Without a file'),
      part('name="textEn"', 'Hello.'),
      part('name="textZh"', ''),
      part('name="fileEn"; filename=""\r\nContent-Type: application/octet-stream', ''),
      part('name="fileZh"; filename=""\r\nContent-Type: application/octet-stream', ''),
      `--${boundary}--\r\n`,
    ].join('');
    const headers = { 'content-type': `multipart/form-data; boundary=${boundary}` };
    expect((await admin.send('/setup/prompts', { body, headers })).status).to.equal(303);
  });

  it('keeps a good file when the name was wrong, so that nobody chooses it twice', async () => {
    await admin.get('/setup/prompts/new');
    const refused = await postPrompt(
      admin,
      '/setup/prompts',
      { name: 'Greeting', textEn: '', textZh: '' },
      { fileEn: { name: 'tone.wav', bytes: tone() } },
    );
    expect(refused.status).to.equal(422);
    const kept = /name="keptEn" value="([0-9a-f]{64})"/.exec(refused.text)?.[1] ?? '';
    const again = await postPrompt(admin, '/setup/prompts', {
      name: 'Greeting by day',
      textEn: '',
      textZh: '',
      keptEn: kept,
    });
    expect(again.status).to.equal(303);
    const stored = await feature.service.get(SYSTEM_ACTOR, await idOf('Greeting by day'));
    expect(stored.sounds.en).to.include({ source: 'upload', hash: kept });
  });

  it('does not take a path or an unknown hash for a kept file', async () => {
    writeFileSync(join(folder, 'secret.wav'), tone());
    for (const keptEn of ['../secret', 'f'.repeat(64)]) {
      await admin.get('/setup/prompts/new');
      const answer = await postPrompt(admin, '/setup/prompts', {
        name: 'Trick',
        textEn: '',
        textZh: '',
        keptEn,
      });
      expect(answer.status).to.equal(422);
      expect(answer.text).to.contain('at least one language');
    }
  });

  it('shows markup in names and texts as text', async () => {
    await feature.service.createSpoken(SYSTEM_ACTOR, '<img src=x onerror=alert(1)>', {
      en: '<b>hello</b>',
    });
    const list = await admin.get('/setup/prompts?q=%3Cimg');
    expect(list.text).to.contain('&lt;img').and.not.contain('<img src=x');
  });

  it('finds no prompt by SQL in the search field', async () => {
    const list = await admin.get(`/setup/prompts?q=${encodeURIComponent("' OR 1=1 -- ")}`);
    expect(list.status).to.equal(200);
    expect(list.text).to.contain('Nothing matches');
  });

  it('does not archive what a flow plays, says where, and archives it afterwards', async () => {
    const id = await idOf('Greeting by day');
    const { database } = site.parts;
    const [flowId] = (await database('ivr_flows').insert({ name: 'Main line' })) as [number];
    const definition = {
      start: 'bye',
      steps: { bye: { kind: 'hangup', label: 'Bye', prompt: id } },
    };
    await database('ivr_flow_versions').insert({
      flow_id: flowId,
      flow_version: 1,
      definition: JSON.stringify(definition),
    });
    await database('dids').insert({
      number: '+442079460123',
      name: 'Main number',
      target: JSON.stringify({ kind: 'flow', id: flowId }),
    });
    await admin.get(`/setup/prompts/${String(id)}`);
    const refused = await admin.post(`/setup/prompts/${String(id)}/archive`);
    expect(refused.status).to.equal(409);
    expect(refused.text)
      .to.contain('Not archived')
      .and.contain('Main line')
      .and.contain('7946 0123');
    await database('ivr_flows').where({ id: flowId }).update({ archived_at: new Date() });
    expect((await admin.post(`/setup/prompts/${String(id)}/archive`)).status).to.equal(303);
    expect((await admin.get('/setup/prompts')).text).not.to.contain('Greeting by day');
    expect((await admin.post(`/setup/prompts/${String(id)}/restore`)).status).to.equal(303);
  });

  it('is closed to supervisors, agents and strangers', async () => {
    const id = String(await idOf('Greeting'));
    for (const [login, status] of [
      ['supervisor', 403],
      ['agent', 403],
      [undefined, 303],
    ] as const) {
      const client = await site.client(login);
      for (const path of ['', '/new', '/system', `/${id}`, `/${id}/sound/en`])
        expect((await client.get(`/setup/prompts${path}`)).status, path).to.be.oneOf([status, 302]);
    }
    const supervisor = { ...SYSTEM_ACTOR, role: 'supervisor' as const };
    for (const refused of [
      () => feature.service.uses(supervisor),
      () => feature.service.listen(supervisor, Number(id) as PromptId, 'en', 'wide'),
      () => feature.service.createSpoken(supervisor, 'X', { en: 'x' }),
    ]) {
      const error: unknown = await refused().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.be.instanceOf(AppError).with.property('code', 'not-allowed');
    }
  });

  it('lists every sound that a prompt has had, plays and restores them', async () => {
    const id = await idOf('Greeting');
    const path = `/setup/prompts/${String(id)}`;
    const page = await admin.get(path);
    expect(page.text).to.contain('Sounds until now').and.contain(`${path}/versions/en/2/sound`);
    expect(page.text).to.contain('Listen: English, version 2');
    expect((await admin.get(`${path}/versions/en/1/sound`)).status).to.equal(200);
    expect((await admin.get(`${path}/versions/en/9/sound`)).status).to.equal(404);
    expect((await admin.get(`${path}/versions/de/1/sound`)).status).to.equal(404);
    const stale = await admin.post(`${path}/versions/en/1/restore`, { version: '1' });
    expect(stale.location).to.equal(path);
    expect((await feature.service.get(SYSTEM_ACTOR, id)).sounds.en?.source).to.equal('upload');
    const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
    await admin.post(`${path}/versions/en/1/restore`, { version });
    const restored = await feature.service.get(SYSTEM_ACTOR, id);
    expect(restored.sounds.en).to.include({ source: 'speech', text: 'Welcome to Alder Home.' });
    const versions = await feature.service.versions(SYSTEM_ACTOR, id);
    const english = versions.filter(({ language }) => language === 'en');
    expect(english.map(({ number, source }) => [number, source])).to.deep.equal([
      [3, 'speech'],
      [2, 'upload'],
      [1, 'speech'],
    ]);
    expect(english[0]?.madeBy).not.to.equal('');
  });

  it('takes a silent file, and warns in the list and on the page', async () => {
    await admin.get('/setup/prompts/new');
    const silence = join(folder, 'silence.wav');
    sox('-n', '-r', '8000', silence, 'trim', '0', '2');
    const files = { fileEn: { name: 'silence.wav', bytes: readFileSync(silence) } };
    const fields = { name: 'A pause', textEn: '', textZh: '' };
    expect((await postPrompt(admin, '/setup/prompts', fields, files)).status).to.equal(303);
    expect((await admin.get('/setup/prompts?q=pause')).text).to.contain('Silent');
    const page = await admin.get(`/setup/prompts/${String(await idOf('A pause'))}`);
    expect(page.text).to.contain('Nothing can be heard in this sound.');
  });

  it('warns of a language only where callers hear it', async () => {
    const path = `/setup/prompts/${String(await idOf('A pause'))}`;
    await site.parts.database('dids').update({ language: 'en' });
    expect((await admin.get(path)).text).not.to.contain('Callers in');
    await site.parts.database('dids').update({ language: 'zh-CN' });
    expect((await admin.get(path)).text).to.contain('Callers in 简体中文 hear another');
  });

  it('names flows whose draft plays a prompt', async () => {
    const id = await idOf('A pause');
    const { database } = site.parts;
    const [flowId] = (await database('ivr_flows').insert({ name: 'Next year' })) as [number];
    const steps = (prompt: number) => ({
      start: 'bye',
      steps: { bye: { kind: 'hangup', label: 'Bye', prompt } },
    });
    for (const [prompt, undone] of [
      [id, false],
      [0, true],
    ] as const)
      await database('ivr_flow_drafts').insert({
        ...{ flow_id: flowId, undone },
        definition: JSON.stringify(steps(prompt)),
      });
    const page = await admin.get(`/setup/prompts/${String(id)}`);
    expect(page.text).to.contain('Next year').and.contain('Draft');
  });

  it('shows how a value is said, plays it, and says what is wrong with one that cannot be', async () => {
    const query = 'as=money&value=12.30&currency=GBP&language=en&clock=12';
    const before = await admin.get(`/setup/prompts/system?${query}`);
    expect(before.text).to.contain('twelve pounds and thirty pence').and.not.contain('spoken.wav');
    expect((await admin.get(`/setup/prompts/system/spoken.wav?${query}`)).status).to.equal(404);
    const { hash, durationMs } =
      (await feature.service.get(SYSTEM_ACTOR, await idOf('Greeting'))).sounds.en ?? {};
    const entry = { en: { text: '', voices: '', hash, durationMs } };
    const pieces = ['number-12', 'money-GBP', 'and', 'number-30', 'coin-penny'];
    const index = Object.fromEntries(pieces.map((name) => [`say-${name}`, entry]));
    writeFileSync(join(folder, 'prompts', 'system.json'), JSON.stringify(index));
    const after = await admin.get(`/setup/prompts/system?${query}`);
    expect(after.text).to.contain('/setup/prompts/system/spoken.wav?');
    const sound = await admin.get(`/setup/prompts/system/spoken.wav?${query}`);
    expect(sound.headers.get('content-type')).to.equal('audio/wav');
    const length = Number(sound.headers.get('content-length'));
    expect(length).to.be.closeTo(44 + 5 * 32 * (durationMs ?? 0), 200);
    const wrong = await admin.get('/setup/prompts/system?as=date&value=2026-02-30');
    expect(wrong.text).to.contain('This is not a date').and.contain('aria-invalid="true"');
  });

  it('rings a phone to record, tells how far it is, and has the recording as a new version', async () => {
    const { database } = site.parts;
    await database('extensions').insert({ number: '2001', name: 'Desk', secret_sealed: '' });
    const id = await idOf('Greeting');
    const path = `/setup/prompts/${String(id)}`;
    const page = await admin.get(path);
    expect(page.text).to.contain('Record by phone').and.contain('2001 Desk');
    const rung = await admin.post(`${path}/takes`, { language: 'zh-CN', extension: '2001' });
    const take = /take=([0-9a-f-]{36})/.exec(rung.location ?? '')?.[1] ?? '';
    expect(asked.at(-1)).to.deep.equal({ kind: 'record-prompt', take, title: 'Greeting' });
    expect((await admin.get(`${path}?take=${take}`)).text).to.contain(
      `data-take="${path}/takes/${take}"`,
    );
    const state = async () =>
      JSON.parse((await admin.get(`${path}/takes/${take}`)).text) as unknown;
    expect(await state()).to.deep.equal({
      text: 'The phone rings …',
      isOver: false,
      isKept: false,
    });

    const service = new PhoneTakes({
      ...{ memory: takes, studio: feature.studio, service: feature.service },
      library: soundFolder(join(folder, 'prompts')),
      log: { warn: () => undefined },
    });
    const found = await service.find(take);
    if (found === undefined) throw new Error('the take is not known');
    expect(await service.keep(found, Buffer.from('no sound'))).to.equal(false);
    expect(await state()).to.include({ isOver: true, isKept: false });
    expect(await service.keep(found, tone('1'))).to.equal(true);
    expect(await state()).to.deep.equal({ text: 'Kept.', isOver: true, isKept: true });
    const stored = await feature.service.get(SYSTEM_ACTOR, id);
    expect(stored.sounds['zh-CN']).to.include({ source: 'phone', text: '欢迎致电。' });
    expect((await admin.get(path)).text).to.contain('Recorded by phone');
    expect((await admin.get(`/setup/prompts/${String(id + 1)}/takes/${take}`)).status).to.equal(
      404,
    );
  });

  it('says why a phone does not ring, and rings none that does not exist', async () => {
    const path = `/setup/prompts/${String(await idOf('Greeting'))}`;
    deskAnswer = { ok: false, code: 'phone-not-registered', detail: '2001' };
    await admin.post(`${path}/takes`, { language: 'en', extension: '2001' });
    expect((await admin.get(path)).text).to.contain('The phone does not ring:');
    const before = asked.length;
    await admin.post(`${path}/takes`, { language: 'en', extension: '*11' });
    expect(asked).to.have.length(before);
  });

  it('speaks the system prompts once, and names them by language', async () => {
    expect(feature.systemPrompts.systemPrompt('goodbye', 'en')).to.equal(undefined);
    const before = await admin.get('/setup/prompts/system');
    expect(before.text).to.contain('Goodbye.').and.contain('Not spoken yet.');
    // The calls role speaks; the pages run in a process that may know nothing of it.
    // Both languages, and what nobody speaks: the pause, the beep, and the tones of conference rooms.
    const sounds = 2 * SYSTEM_PROMPTS.length + 4;
    const first = await makeSounds(folder).ensureSystemPrompts();
    expect(first).to.deep.equal({ made: sounds, failed: [] });
    const { text } = await admin.get('/setup/prompts/system');
    expect(text).not.to.contain('Not spoken yet.');
    const hash = feature.systemPrompts.systemPrompt('goodbye', 'en') ?? '';
    expect(feature.systemPrompts.systemPrompt('goodbye', 'zh-CN')).not.to.equal(hash);
    expect(await feature.ensureSystemPrompts()).to.deep.equal({ made: 0, failed: [] });
    expect((await (await site.client()).get(`/media/${hash}.wav`)).status).to.equal(200);
    rmSync(join(folder, 'prompts', `${hash}.wav`));
    writeFileSync(join(folder, 'prompts', 'system.json'), '{ not json');
    expect((await feature.ensureSystemPrompts()).made).to.equal(sounds);
    expect(feature.systemPrompts.systemPrompt('goodbye', 'en')).to.equal(hash);
    const page = await admin.get('/setup/prompts/system');
    expect(page.text).to.contain('Goodbye.').and.contain(`/media/${hash}.wav`);
  });

  it("says a sentence or a piece in the company's own voice, until that is taken back", async () => {
    await feature.ensureSystemPrompts();
    const path = '/setup/prompts/system/say-number-21/en';
    const one = await admin.get(path);
    expect(one.status).to.equal(200);
    expect(one.text).to.contain('twenty-one').and.contain('Use this sound');
    expect((await admin.get('/setup/prompts/system/nothing/en')).status).to.equal(404);
    expect((await postPrompt(admin, path, { prompt: '' })).text).to.contain(
      'Choose a file, or a prompt',
    );
    const broken = { file: { name: '21.wav', bytes: Buffer.from('not a sound at all') } };
    const refused = await postPrompt(admin, path, {}, broken);
    expect(refused.status).to.equal(422);
    expect(refused.text).to.contain('This is not a sound that can be read');

    const before = announced.length;
    const own = { file: { name: '21.wav', bytes: tone() } };
    expect((await postPrompt(admin, path, {}, own)).status).to.equal(303);
    expect(announced.slice(before)).to.deep.equal(['prompts']);
    const [row] = (await site.parts.database('system_sounds').select('*')) as {
      name: string;
      language: string;
      hash: string;
    }[];
    expect(row).to.include({ name: 'say-number-21', language: 'en' });
    const hash = row?.hash ?? '';
    const directory = await openDirectory(site.parts.database, site.parts.sealer, site.parts.log);
    expect([...directory.current.ownSounds]).to.deep.equal([['say-number-21 en', hash]]);
    directory.close();
    expect((await admin.get(path)).text).to.contain(`/media/${hash}.wav`);
    const pieces = await admin.get('/setup/prompts/system/pieces?language=en');
    expect(pieces.text).to.contain('1 in your own voice').and.contain(path);

    const { text } = await admin.get('/setup/prompts/system/goodbye/en');
    const greeting = /<option value="(\d+)">Greeting</.exec(text)?.[1] ?? '';
    expect(
      (await postPrompt(admin, '/setup/prompts/system/goodbye/en', { prompt: greeting })).status,
    ).to.equal(303);
    expect((await admin.get('/setup/prompts/system')).text).to.contain('Own voice');

    await admin.post(`${path}/remove`, {});
    await admin.post('/setup/prompts/system/goodbye/en/remove', {});
    expect(await site.parts.database('system_sounds').select('*')).to.deep.equal([]);
    const log = await site.parts
      .database('audit_entries')
      .where('object_kind', 'system-prompt')
      .select('action');
    expect(log).to.have.length(4);
  });
});
