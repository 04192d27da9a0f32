import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFile, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { messageWav } from '../../../src/adapters/sound/message-sound.js';
import { systemClock } from '../../../src/adapters/clock/system-clock.js';
import { knexAuditLog } from '../../../src/features/audit/index.js';
import type { RecordingShelf } from '../../../src/features/recordings/index.js';
import { KeysLost } from '../../../src/features/recordings/sealing-keys.js';
import { Resealer } from '../../../src/features/recordings/resealer.js';
import { storedMessageSounds } from '../../../src/features/voicemail/knex-message-sounds.js';
import type { RecordingId } from '../../../src/kernel/ids.js';
import { answeredCall, voicemailCall, type CallScript } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import { flipByte } from '../../support/flip-byte.js';
import type { TestClient } from '../../support/web.js';

const run = promisify(execFile);
/** Nothing answers there: what runs with these needs neither database nor program. */
const AWAY = {
  ...{ CB_ENV_FILE: '/dev/null', CB_HTTP_PORT: '1', CB_DB_PORT: '1', CB_DB_PASSWORD: 'unused' },
  ...{ CB_REDIS_URL: 'redis://127.0.0.1:1', CB_ARI_URL: 'http://127.0.0.1:1' },
  ...{ CB_ARI_PASSWORD: 'unused', CB_MEDIA_URL: 'http://127.0.0.1:1', CB_PBX_SIP_PORT: '1' },
  CB_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
};
const PAGE = '/setup/recording-sealing';

describe('recordings that are sealed on the disk', function () {
  this.timeout(120_000);
  let at: CallsSite;
  let shelf: RecordingShelf;
  let supervisor: TestClient;
  let administrator: TestClient;
  let call: CallScript;
  let id: RecordingId;
  let file: string;
  let plain: Buffer;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    administrator = await at.site.client('admin');
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    await at.site.parts.database('settings').where('name', 'recording-sealing').del();
    await rm(at.site.parts.config.recordingKeys, { force: true });
    shelf = at.shelf;
    call = answeredCall();
    await at.tell(call);
    id = call.recordingId;
    file = await at.keep(id, 120, shelf.folder);
    plain = await plainOf(id);
  });

  const row = async (of: RecordingId) =>
    (await at.site.parts.database('recordings').where('id', of).first('*')) as {
      readonly path: string;
      readonly key_id: string;
      readonly sha256: string;
      readonly bytes: number;
    };
  const plainOf = async (of: RecordingId): Promise<Buffer> => {
    const { path, key_id: keyId } = await row(of);
    return (
      (await shelf.folder.withPlain({ path, keyId }, (sound) => readFile(sound))) ?? Buffer.alloc(0)
    );
  };
  const isSealed = async (of = file): Promise<boolean> =>
    (await readFile(of)).subarray(0, 8).toString() === 'CBSEALED';
  const hear = (range?: string, of: string = id, query = '') =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
      (resolve, reject) => {
        const { hostname, port } = new URL(at.site.url);
        const headers = {
          ...{ cookie: supervisor.cookieHeader, accept: 'text/html' },
          ...(range === undefined ? {} : { range }),
        };
        const path = `/recordings/${of}/audio${query}`;
        request({ hostname, port, path, headers }, (answer) => {
          const parts: Buffer[] = [];
          answer.on('data', (part: Buffer) => parts.push(part));
          answer.on('end', () => {
            const { statusCode: status = 0 } = answer;
            resolve({ status, headers: answer.headers, body: Buffer.concat(parts) });
          });
        })
          .on('error', reject)
          .end();
      },
    );
  const alarms = (): readonly string[] =>
    at.site.errors.filter((line) => line.includes('"alarm":"recording-unreadable"'));
  const audited = async (): Promise<readonly string[]> => {
    const rows = await at.site.parts
      .database('audit_entries')
      .where('action', 'recording.unreadable')
      .select<{ object_id: string; changes: unknown }[]>('object_id', 'changes');
    return rows.map(({ object_id, changes }) => `${object_id} ${JSON.stringify(changes)}`);
  };
  const setMode = async (mode: string): Promise<void> => {
    await administrator.get(PAGE);
    const { version } = await readVersion();
    const answer = await administrator.post(PAGE, { mode, version });
    expect(answer.status).to.equal(303);
  };
  const readVersion = async (): Promise<{ readonly version: string }> => {
    const { text } = await administrator.get(PAGE);
    return { version: /name="version" value="(\d+)"/.exec(text)?.[1] ?? '' };
  };
  const resealer = (): Resealer => {
    const { database, log } = at.site.parts;
    const { folder, keys, sealed, rule, key } = shelf;
    return new Resealer({
      ...{ folder, keys, recordings: sealed, rule, key, log },
      audit: knexAuditLog(database),
      clock: { ...systemClock, sleep: () => Promise.resolve() },
    });
  };

  describe('on the disk', () => {
    it('has no sound to be read, and the row says with which key it was sealed', async () => {
      const kept = await readFile(file);
      expect(await isSealed()).to.equal(true);
      for (const word of ['fLaC', 'RIFF', 'reference libFLAC'])
        expect(kept.includes(word), word).to.equal(false);
      expect(plain.subarray(0, 4).toString()).to.equal('fLaC');
      const { key_id: keyId, sha256, bytes } = await row(id);
      const keys = await shelf.keys.all();
      expect(keys.map((key) => key.id)).to.deep.equal([keyId]);
      // Hash and length are those of the sound, so that they outlast a new seal.
      expect(createHash('sha256').update(plain).digest('hex')).to.equal(sha256);
      expect(plain.length).to.equal(bytes);
      expect(plain.length, 'more than two chunks').to.be.greaterThan(140_000);
    });

    it('leaves what was kept before as it is, and keeps plain files where the site does not seal', async () => {
      const old = answeredCall();
      await at.tell(old);
      const plainFile = await at.keep(old.recordingId);
      expect(await isSealed(plainFile)).to.equal(false);
      expect(
        (await hear(undefined, old.recordingId)).body.equals(await readFile(plainFile)),
      ).to.equal(true);
      await setMode('off');
      const newer = answeredCall();
      await at.tell(newer);
      expect(await isSealed(await at.keep(newer.recordingId, 2, shelf.folder))).to.equal(false);
      expect((await row(newer.recordingId)).key_id).to.equal('');
      // What is sealed plays on.
      expect((await hear()).body.equals(plain)).to.equal(true);
    });
  });

  describe('given out', () => {
    it('is the plain sound, whole and in every range that a player asks for', async () => {
      const whole = await hear();
      expect(whole.status).to.equal(200);
      expect(whole.headers).to.include({
        ...{ 'content-type': 'audio/flac', 'accept-ranges': 'bytes' },
        ...{ 'cache-control': 'private, no-store', 'content-length': String(plain.length) },
      });
      expect(whole.body.equals(plain)).to.equal(true);
      const size = plain.length;
      const ranges: readonly (readonly [string, number, number])[] = [
        ['bytes=0-', 0, size - 1],
        ['bytes=0-0', 0, 0],
        ['bytes=65535-65536', 65_535, 65_536],
        ['bytes=65536-131071', 65_536, 131_071],
        ['bytes=100000-140000', 100_000, 140_000],
        ['bytes=-1', size - 1, size - 1],
        [`bytes=70000-${String(size * 2)}`, 70_000, size - 1],
      ];
      for (const [range, from, to] of ranges) {
        const { status, headers, body } = await hear(range);
        expect(status, range).to.equal(206);
        expect(headers['content-range']).to.equal(
          `bytes ${String(from)}-${String(to)}/${String(size)}`,
        );
        expect(body.equals(plain.subarray(from, to + 1)), range).to.equal(true);
      }
      const none = await hear(`bytes=${String(size)}-`);
      expect(none.status).to.equal(416);
      expect(none.headers['content-range']).to.equal(`bytes */${String(size)}`);
      expect((await hear(undefined, id, '?download=1')).body.equals(plain)).to.equal(true);
    });

    it('passes its check, and is a message for phones and mails', async () => {
      const page = await supervisor.get(`/calls/${call.callId}?check=${id}`);
      expect(page.text).to.include('Hash verified');
      const message = voicemailCall(undefined, COMPANY.phoneOfTheo);
      await at.tell(message);
      expect(await isSealed(await at.keep(message.recordingId, 2, shelf.folder))).to.equal(true);
      const sounds = storedMessageSounds(at.site.parts.database, shelf, messageWav);
      const wav = await sounds.wav(message.recordingId);
      expect(wav?.subarray(0, 4).toString()).to.equal('RIFF');
      expect(wav?.length).to.be.closeTo(2 * 16_000, 2_000);
    });
  });

  describe('that are not as they were stored', () => {
    const damages: Readonly<Record<string, (other: string) => Promise<void>>> = {
      'a changed byte': async () => {
        const sealed = await readFile(file);
        flipByte(sealed, 100_000);
        await writeFile(file, sealed);
      },
      'a file that was cut off': () => truncate(file, 65_604),
      'an empty file': () => truncate(file, 0),
      'the sealed file of another recording': (other) => copyFile(other, file),
      'a plain sound in the place of the sealed one': () => writeFile(file, plain),
    };
    for (const [what, damage] of Object.entries(damages))
      it(`gives out nothing of ${what}, says so, and goes on`, async () => {
        const other = answeredCall();
        await at.tell(other);
        const otherFile = await at.keep(other.recordingId, 2, shelf.folder);
        await damage(otherFile);
        const before = alarms().length;
        for (const range of [undefined, 'bytes=99000-101000']) {
          const { status, headers, body } = await hear(range);
          expect(status).to.equal(500);
          expect(headers['content-type']).to.include('text/html');
          expect(body.toString()).to.include('Recording damaged');
        }
        expect(alarms().length).to.equal(before + 2);
        expect(await audited()).to.have.length(2);
        expect((await audited())[0])
          .to.include(id)
          .and.include('broken');
        const page = await supervisor.get(`/calls/${call.callId}?check=${id}`);
        expect(page.text).to.include('not the one that was stored');
        expect((await hear(undefined, other.recordingId)).status).to.equal(200);
      });

    it('plays what lies before and behind a changed part still', async () => {
      await damages['a changed byte']?.('');
      for (const [from, to] of [
        [0, 60_000],
        [131_072, 140_000],
      ] as const) {
        const { status, body } = await hear(`bytes=${String(from)}-${String(to)}`);
        expect(status).to.equal(206);
        expect(body.equals(plain.subarray(from, to + 1))).to.equal(true);
      }
    });

    it('says of a message that it is not there, once for each try, and mails go on', async () => {
      const message = voicemailCall(undefined, COMPANY.phoneOfTheo);
      await at.tell(message);
      await truncate(await at.keep(message.recordingId, 2, shelf.folder), 100);
      const sounds = storedMessageSounds(at.site.parts.database, shelf, messageWav);
      expect(await sounds.wav(message.recordingId)).to.equal(undefined);
      expect(await audited()).to.have.length(1);
    });
  });

  it('can be opened with the folder and the keys alone', async () => {
    const { config } = at.site.parts;
    const { path } = await row(id);
    const open = (target: string): Promise<unknown> =>
      run(process.execPath, ['--import', 'tsx', 'src/tasks/open-recording.ts', path, target], {
        env: { ...process.env, ...AWAY, CB_VAR: config.varDir },
      });
    const target = join(config.varDir, 'opened.flac');
    await open(target);
    expect((await readFile(target)).equals(plain)).to.equal(true);
    await truncate(file, 100_000);
    const other = join(config.varDir, 'other.flac');
    const why = await open(other).then(
      () => 'opened',
      (error: unknown) => String(error),
    );
    expect(why).to.match(/is not as it was sealed|is cut off/);
    expect(await readFile(other).catch((error: unknown) => String(error))).to.include('ENOENT');
  });

  describe('without the keys', () => {
    it('cannot be heard until they are back, and no new key takes their place by itself', async () => {
      const keys = at.site.parts.config.recordingKeys;
      await rename(keys, `${keys}.away`);
      const { status, body } = await hear();
      expect(status).to.equal(500);
      expect(body.toString()).to.include('Recording cannot be decrypted');
      const checked = await supervisor.get(`/calls/${call.callId}?check=${id}`);
      expect(checked.text).to.include('The key that encrypted the file is missing');
      expect((await administrator.get(PAGE)).text).to.include('1 recording cannot be heard');
      const next = answeredCall();
      await at.tell(next);
      try {
        await at.keep(next.recordingId, 2, shelf.folder);
        expect.fail('was kept with a new key');
      } catch (error) {
        expect(error).to.be.instanceOf(KeysLost);
      }
      await rename(`${keys}.away`, keys);
      expect((await hear()).body.equals(plain)).to.equal(true);
      await at.keep(next.recordingId, 2, shelf.folder);
    });

    it('can be left behind on purpose: a new key seals what is new', async () => {
      await rm(at.site.parts.config.recordingKeys);
      await administrator.get(PAGE);
      expect((await administrator.post(`${PAGE}/key`)).location).to.equal(PAGE);
      const next = answeredCall();
      await at.tell(next);
      await at.keep(next.recordingId, 2, shelf.folder);
      expect((await hear(undefined, next.recordingId)).status).to.equal(200);
      expect((await hear()).status).to.equal(500);
    });
  });

  describe('sealing what is old', () => {
    it('seals plain files, and all again with a new key, while the sound stays the same', async () => {
      const old = answeredCall();
      await at.tell(old);
      const plainFile = await at.keep(old.recordingId);
      const sound = await readFile(plainFile);
      expect(await resealer().sealSome()).to.equal(0);
      await setMode('all');
      expect(await resealer().sealSome()).to.equal(1);
      expect(await isSealed(plainFile)).to.equal(true);
      expect((await hear(undefined, old.recordingId)).body.equals(sound)).to.equal(true);
      expect(await resealer().sealSome()).to.equal(0);
      await administrator.post(`${PAGE}/key`);
      const [, last] = await shelf.keys.all();
      expect(await resealer().sealSome()).to.equal(2);
      for (const one of [id, old.recordingId]) expect((await row(one)).key_id).to.equal(last?.id);
      expect((await hear()).body.equals(plain)).to.equal(true);
      expect((await hear(undefined, old.recordingId)).body.equals(sound)).to.equal(true);
      const { text } = await administrator.get(PAGE);
      expect(text).to.include(last?.id).and.include('Only decrypts');
    });

    it('gives no seal to a sound that is not the one that was stored', async () => {
      const old = answeredCall();
      await at.tell(old);
      const plainFile = await at.keep(old.recordingId);
      const changed = Buffer.concat([await readFile(plainFile), Buffer.from('more')]);
      await writeFile(plainFile, changed);
      await setMode('all');
      const sealing = resealer();
      await sealing.sealSome();
      expect((await readFile(plainFile)).equals(changed)).to.equal(true);
      expect((await row(old.recordingId)).key_id).to.equal('');
      expect((await audited())[0]).to.include(old.recordingId);
      // Not again at once.
      expect(await sealing.sealSome()).to.equal(0);
    });

    it('is killed anywhere without a loss: before the move, and between the move and the row', async () => {
      const old = answeredCall();
      await at.tell(old);
      const plainFile = await at.keep(old.recordingId);
      const sound = await readFile(plainFile);
      const { path, sha256 } = await row(old.recordingId);
      const place = { path, keyId: '' };
      const key = await shelf.key();
      for (const isMoved of [false, true]) {
        try {
          await shelf.folder.seal(place, {
            ...{ key, sha256 },
            commit: async (move) => {
              if (isMoved) await move();
              throw new Error('killed here');
            },
          });
          expect.fail('was not killed');
        } catch (error) {
          expect(String(error)).to.include('killed here');
        }
        expect(await isSealed(plainFile)).to.equal(isMoved);
        expect((await row(old.recordingId)).key_id).to.equal('');
        expect((await hear(undefined, old.recordingId)).body.equals(sound)).to.equal(true);
      }
      await setMode('all');
      expect(await resealer().sealSome()).to.equal(1);
      expect((await row(old.recordingId)).key_id).to.equal(key.id);
      expect((await hear(undefined, old.recordingId)).body.equals(sound)).to.equal(true);
    });

    it('brings no recording back that was deleted meanwhile', async () => {
      const old = answeredCall();
      await at.tell(old);
      const plainFile = await at.keep(old.recordingId);
      const { path, sha256 } = await row(old.recordingId);
      await shelf.folder.seal(
        { path, keyId: '' },
        {
          ...{ key: await shelf.key(), sha256 },
          commit: async (move) => {
            await at.site.parts
              .database('recordings')
              .where('id', old.recordingId)
              .update({ state: 'missing', problem: 'expired' });
            await shelf.folder.remove(path);
            expect(await shelf.sealed.commit(old.recordingId, 'x', move)).to.equal(false);
          },
        },
      );
      expect(await readFile(plainFile).catch((error: unknown) => String(error))).to.include(
        'ENOENT',
      );
    });
  });

  describe('the page', () => {
    it('shows what is sealed with which key, and how to keep the keys', async () => {
      const old = answeredCall();
      await at.tell(old);
      await at.keep(old.recordingId);
      const [key] = await shelf.keys.all();
      const { text } = await administrator.get(PAGE);
      expect(text).to.include(key?.id).and.include('Encrypts now').and.include('Not encrypted');
      expect(text).to.include(at.site.parts.config.recordingKeys);
      expect(text).to.not.include(key?.key.toString('base64'));
    });

    it('is for administrators, and every change of it is in the audit log', async () => {
      await supervisor.get('/');
      expect((await supervisor.get(PAGE)).status).to.equal(403);
      expect((await supervisor.post(`${PAGE}/key`)).status).to.equal(403);
      expect(await shelf.keys.all()).to.have.length(1);
      await setMode('all');
      await administrator.post(`${PAGE}/key`);
      const rows = await at.site.parts
        .database('audit_entries')
        .where('object_kind', 'recording-sealing')
        .orderBy('id')
        .select<{ action: string }[]>('action');
      expect(rows.map(({ action }) => action)).to.deep.equal([
        'recording-sealing.change',
        'recording-sealing.renew-key',
      ]);
      const { text } = await administrator.get('/setup/audit?kind=recording-sealing');
      expect(text).to.include('Renewed key').and.include('Encryption of recordings');
    });

    it('says where the file of the keys is no such file', async () => {
      await writeFile(at.site.parts.config.recordingKeys, 'what is this\nand this\n');
      const { status, text } = await administrator.get(PAGE);
      expect(status).to.equal(200);
      expect(text).to.include('The key file cannot be read').and.include('line 1');
    });
  });
});
