import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { spokenFolder } from '../../../src/adapters/files/spoken-folder.js';
import { makePromptsFeature, type PromptsFeature } from '../../../src/features/prompts/index.js';
import {
  makeSpeech,
  makeSpeechFeature,
  makeVoice,
  type SpeechService,
} from '../../../src/features/speech/index.js';
import { SYSTEM_ACTOR } from '../../../src/kernel/actor.js';
import { startHookServer, type HookServer } from '../../support/hook-server.js';
import { sox } from '../../support/sounds.js';
import { TestSite, type TestAnswer, type TestClient } from '../../support/web.js';

const PAGE = '/setup/speech';

describe('speech', function () {
  this.timeout(60_000);
  let folder: string;
  let site: TestSite;
  let prompts: PromptsFeature;
  let speech: SpeechService;
  let admin: TestClient;
  let server: HookServer;
  let now = 1_000_000;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cordboard-speech-'));
    server = await startHookServer();
    site = await TestSite.start(({ database, sealer }) => {
      const announcer = { configurationChanged: () => Promise.resolve() };
      const log = { warn: () => undefined };
      const parts = { database, secrets: sealer, log, now: () => now };
      const voice = makeVoice(parts);
      prompts = makePromptsFeature(database, announcer, folder, { voice });
      speech = makeSpeech(voice, prompts, parts);
      return [prompts, makeSpeechFeature({ ...parts, announcer, voice, sounds: prompts })];
    });
    admin = await site.client('admin');
  });
  after(async () => {
    await site.stop();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const tone = (seconds: string): Buffer => {
    const path = join(folder, 'tone.ogg');
    sox('-n', '-r', '16000', path, 'synth', seconds, 'sine', '440');
    return readFileSync(path);
  };
  /** Saves the form over what is stored, after the settings' cache has run out. */
  async function save(fields: Readonly<Record<string, string>>): Promise<TestAnswer> {
    const page = await admin.get(PAGE);
    const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? '';
    const answer = await admin.post(PAGE, {
      ...{ version, kind: 'openai', url: server.url, model: 'tts-1', voiceEn: 'amy' },
      ...{ voiceZh: 'mei', header: 'Authorization', timeoutMs: '1000', body: '' },
      ...{ allowedAddresses: '127.0.0.1', enabled: 'on', fallsBack: 'on', secret: '', ...fields },
    });
    now += 60_000;
    return answer;
  }
  const lengthOf = async (key: string | undefined): Promise<number> => {
    const answer = await (await site.client()).get(`/media/${key ?? ''}.wav`);
    return answer.status === 200 ? Number(answer.headers.get('content-length')) : 0;
  };

  it('speaks with the embedded voice until an endpoint is set up, and keeps what it spoke', async () => {
    const [first, second] = await Promise.all([
      speech.say('Your order is on its way.', 'en'),
      speech.say(' Your order is on its way. ', 'en'),
    ]);
    expect(first)
      .to.match(/^[0-9a-f]{64}$/)
      .and.equal(second);
    expect(await lengthOf(first)).to.be.above(10_000);
    expect(await speech.say('Your order is on its way.', 'zh-CN')).not.to.equal(first);
    expect(await speech.say('  ', 'en')).to.equal(undefined);
    expect(await speech.say('...', 'en')).to.equal(undefined);
    expect(readdirSync(join(folder, 'spoken'))).to.have.length(2);
  });

  it('asks an endpoint as OpenAI is asked, with the secret, in the voice of the language', async () => {
    server.answerWith((response) => {
      response.writeHead(200, { 'content-type': 'audio/ogg' }).end(tone('2'));
    });
    expect((await save({ secret: 'sk-test' })).status).to.equal(303);
    const key = await speech.say('你好', 'zh-CN');
    expect(await lengthOf(key)).to.be.closeTo(32_044, 500);
    const visit = server.visits.at(-1);
    expect(visit?.headers.authorization).to.equal('Bearer sk-test');
    expect(JSON.parse(visit?.body ?? '')).to.deep.equal({
      ...{ model: 'tts-1', voice: 'mei', input: '你好', response_format: 'wav' },
    });
    const visits = server.visits.length;
    expect(await speech.say('你好', 'zh-CN')).to.equal(key);
    expect(server.visits).to.have.length(visits);
    expect((await admin.get(PAGE)).text).not.to.contain('sk-test');
  });

  it('fills in a body of its own, and speaks prompts with it', async () => {
    const body = '{"t": {{text}}, "v": {{voice}}, "l": {{language}}}';
    await save({ kind: 'template', body, header: 'X-Api-Key' });
    await prompts.service.createSpoken(SYSTEM_ACTOR, 'By endpoint', { en: 'A "quoted" word' });
    const visit = server.visits.at(-1);
    expect(JSON.parse(visit?.body ?? '')).to.deep.equal({
      t: 'A "quoted" word',
      v: 'amy',
      l: 'en',
    });
    expect(visit?.headers['x-api-key']).to.equal('sk-test');
  });

  it('forgets the secret where another server is typed', async () => {
    const other = await startHookServer();
    await save({ url: other.url });
    await speech.say('Who gets the secret?', 'en');
    expect(other.visits.at(-1)?.headers).not.to.have.property('authorization');
    await other.stop();
  });

  it('falls back to the embedded voice, leaves the endpoint alone for a while, and then asks again', async () => {
    server.answerWith((response) => response.writeHead(500).end());
    await save({});
    const visits = server.visits.length;
    const instead = await speech.say('Something new.', 'en');
    expect(await lengthOf(instead)).to.be.above(5_000);
    expect(await speech.say('Something else.', 'en')).not.to.equal(undefined);
    expect(server.visits).to.have.length(visits + 1);
    server.answerWith((response) => response.end(tone('1')));
    now += 31_000;
    expect(await speech.say('Something new.', 'en')).not.to.equal(instead);
    expect(server.visits).to.have.length(visits + 2);
  });

  it('says nothing where nothing may fall back, and refuses the prompt', async () => {
    server.answerWith((response) => response.end('<html>'));
    await save({ fallsBack: '' });
    expect(await speech.say('Not said.', 'en')).to.equal(undefined);
    const error: unknown = await prompts.service
      .createSpoken(SYSTEM_ACTOR, 'Never', { en: 'Hello' })
      .catch((reason: unknown) => reason);
    expect(error).to.have.nested.property('problems[0].message', 'prompts.problem.endpoint');
  });

  it('gives up on an endpoint that does not answer, or that is inside the network and not allowed', async () => {
    server.answerWith(() => undefined);
    await save({ timeoutMs: '500' });
    const slow = await admin.post(`${PAGE}/try`, { text: 'Hello there', language: 'en' });
    expect(slow.text)
      .to.contain('did not answer in time')
      .and.contain('espeak-ng')
      .and.contain('/media/');
    const visits = server.visits.length;
    await save({ allowedAddresses: '', fallsBack: '' });
    const guarded = await admin.post(`${PAGE}/try`, { text: 'Hello there', language: 'en' });
    expect(guarded.text).to.contain('127.0.0.1 is in a network that is not allowed');
    expect(server.visits).to.have.length(visits);
  });

  it('takes a sound of 10 MB, and stops listening to an answer that is larger than 20 MB', async () => {
    const wav = join(folder, 'long.wav');
    sox('-n', '-r', '16000', '-b', '16', wav, 'synth', '330', 'sine', '440');
    const sound = readFileSync(wav);
    expect(sound.length).to.be.above(10 * 1024 * 1024);
    server.answerWith((response) =>
      response.writeHead(200, { 'content-type': 'audio/wav' }).end(sound),
    );
    await save({ timeoutMs: '20000', fallsBack: '' });
    expect(await lengthOf(await speech.say('A long story.', 'en'))).to.be.above(5_000_000);

    let sent = 0;
    const closed = new Promise<void>((resolve) => {
      server.answerWith((response) => {
        response.once('close', resolve);
        const chunk = Buffer.alloc(1024 * 1024);
        const more = (): void => {
          if (response.closed) return;
          sent += chunk.length;
          response.write(chunk, more);
        };
        more();
      });
    });
    const endless = await admin.post(`${PAGE}/try`, { text: 'Without end', language: 'en' });
    expect(endless.text).to.contain('larger than 20 MB');
    await closed;
    expect(sent).to.be.below(40 * 1024 * 1024);
    expect(await speech.say('Without end', 'en')).to.equal(undefined);
  });

  const wrong: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ url: 'ftp://example.com' }, 'begins with http://'],
    [{ url: 'https://user:pass@example.com' }, 'without a user name'],
    [{ kind: 'template', body: '{"text": "{{text}}"}' }, 'This is not JSON with {{text}} in it'],
    [{ header: 'X Key' }, 'only letters, digits and hyphens'],
    [{ timeoutMs: '100' }, '500'],
    [{ allowedAddresses: 'everything' }, 'is not an address or a network'],
  ];
  for (const [fields, says] of wrong)
    it(`says beside the field what is wrong with ${JSON.stringify(fields)}`, async () => {
      const answer = await save(fields);
      expect(answer.status).to.equal(422);
      expect(answer.text).to.contain(says);
    });

  it('refuses to save over what somebody else saved, and is closed to others', async () => {
    const answer = await save({ version: '1' });
    expect(answer.status).to.equal(409);
    for (const login of ['supervisor', 'agent'] as const)
      expect((await (await site.client(login)).get(PAGE)).status).to.equal(403);
  });

  it('keeps so many sounds and no more: those that were asked for last', async () => {
    const shelf = spokenFolder(join(folder, 'shelf'), 10);
    const key = (n: number): string => String(n).padStart(64, '0');
    for (let n = 0; n < 12; n++) {
      const narrow = join(folder, `${String(n)}.wav`);
      execFileSync('cp', [join(folder, 'tone.ogg'), narrow]);
      await shelf.add(key(n), { narrow, wide: narrow, durationMs: 1, isSilent: false });
      expect(await shelf.has(key(0))).to.equal(true);
    }
    expect(readdirSync(join(folder, 'shelf')).length).to.be.at.most(10);
    expect(await shelf.has(key(11))).to.equal(true);
    expect(await shelf.has(key(1))).to.equal(false);
    expect(await shelf.find('../prompts/x')).to.equal(undefined);
  });
});
