import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { newRecordingId, type RecordingId } from '../../../src/kernel/ids.js';
import { answeredCall, voicemailCall } from '../../support/call-events.js';
import { CallsSite, COMPANY } from '../../support/calls-site.js';
import type { TestClient } from '../../support/web.js';

const SECRET = 'this must never leave the machine';

describe('the sound of recordings over HTTP', function () {
  this.timeout(60_000);
  let at: CallsSite;
  let supervisor: TestClient;
  let mara: TestClient;
  let theo: TestClient;
  let id: RecordingId;
  let callId: string;
  let file: string;
  let bytes: Buffer;

  before(async () => {
    at = await CallsSite.start();
    supervisor = await at.site.client('supervisor');
    mara = await at.site.client('mara');
    theo = await at.site.client('theo');
  });
  after(() => at.site.stop());
  beforeEach(async () => {
    await at.clear();
    const call = answeredCall();
    await at.tell(call);
    id = call.recordingId;
    callId = call.callId;
    file = await at.keep(id);
    bytes = await readFile(file);
  });
  afterEach(() => {
    expect(at.site.errors).to.deep.equal([]);
  });

  const audio = (of: string = id): string => `/recordings/${of}/audio`;
  /** Sends the path as it stands, which `fetch` would tidy up. */
  const raw = (path: string, headers: Record<string, string> = {}, client = supervisor) =>
    new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
      (resolve, reject) => {
        const { hostname, port } = new URL(at.site.url);
        const asked = request(
          { hostname, port, path, headers: { cookie: client.cookieHeader, ...headers } },
          (answer) => {
            const parts: Buffer[] = [];
            answer.on('data', (part: Buffer) => parts.push(part));
            answer.on('end', () => {
              const { statusCode: status = 0 } = answer;
              resolve({ status, headers: answer.headers, body: Buffer.concat(parts) });
            });
          },
        );
        asked.on('error', reject).end();
      },
    );
  const heard = (): Promise<object[]> =>
    at.site.parts
      .database('audit_entries')
      .where('object_kind', 'recording')
      .orderBy('id')
      .select('user_name', 'action', 'object_id', 'object_name');

  describe('hearing', () => {
    it('sends the whole file as it is kept, to no cache', async () => {
      const { status, headers, body } = await raw(audio());
      expect(status).to.equal(200);
      expect(headers).to.include({
        'content-type': 'audio/flac',
        'cache-control': 'private, no-store',
        'accept-ranges': 'bytes',
        'content-length': String(bytes.length),
      });
      expect(body.equals(bytes)).to.equal(true);
      const row = await at.site.parts.database('recordings').first<{ sha256: string }>('sha256');
      expect(createHash('sha256').update(body).digest('hex')).to.equal(row.sha256);
    });

    it('sends the range that a browser asks for', async () => {
      const size = bytes.length;
      const cases: readonly (readonly [string, number, number])[] = [
        ['bytes=0-99', 0, 99],
        ['bytes=100-', 100, size - 1],
        ['bytes=-50', size - 50, size - 1],
        [`bytes=10-${String(size * 2)}`, 10, size - 1],
      ];
      for (const [range, from, to] of cases) {
        const { status, headers, body } = await raw(audio(), { range });
        expect(status, range).to.equal(206);
        expect(headers['content-range']).to.equal(
          `bytes ${String(from)}-${String(to)}/${String(size)}`,
        );
        expect(body.equals(bytes.subarray(from, to + 1)), range).to.equal(true);
      }
    });

    it('refuses a range that the file does not have, and takes nonsense for no range', async () => {
      const { status, headers } = await raw(audio(), { range: 'bytes=99999999-' });
      expect(status).to.equal(416);
      expect(headers['content-range']).to.equal(`bytes */${String(bytes.length)}`);
      for (const range of ['bytes=a-b', 'lines=1-2', 'bytes=']) {
        const answer = await raw(audio(), { range });
        expect(answer.status, range).to.be.oneOf([200, 416]);
      }
    });

    it('downloads under a name that says when and which', async () => {
      const { headers, body } = await raw(`${audio()}?download=1`);
      expect(headers['content-disposition']).to.match(
        new RegExp(`^attachment; filename="?\\d{4}-\\d\\d-\\d\\d-${id}\\.flac"?$`),
      );
      expect(body.equals(bytes)).to.equal(true);
    });
  });

  describe('the audit log', () => {
    it('has one line for one listening, in however many pieces, and one for every download', async () => {
      for (const range of ['bytes=0-99', 'bytes=100-199', 'bytes=0-'])
        await raw(audio(), { range });
      const line = {
        ...{ user_name: 'Test supervisor', action: 'recording.hear' },
        ...{ object_id: id, object_name: callId },
      };
      expect(await heard()).to.deep.equal([line]);
      await raw(audio(), {}, mara);
      expect(await heard()).to.deep.equal([line, { ...line, user_name: 'Mara Quill' }]);
      await raw(`${audio()}?download=1`);
      await raw(`${audio()}?download=1`);
      const actions = (await heard()).map((one) => (one as { action: string }).action);
      expect(actions.slice(2)).to.deep.equal(['recording.download', 'recording.download']);
    });

    it('has a new line when somebody listens again later', async () => {
      await raw(audio());
      const { database } = at.site.parts;
      await database('audit_entries').update({ at: new Date(Date.now() - 16 * 60_000) });
      await raw(audio());
      expect(await heard()).to.have.length(2);
    });

    it('says nothing of what was refused', async () => {
      await raw(audio(), {}, theo);
      await raw(audio(newRecordingId()));
      expect(await heard()).to.deep.equal([]);
    });
  });

  describe('who may hear', () => {
    it('lets supervisors and those who talked hear it, and nobody else', async () => {
      const nobody = await at.site.client('agent');
      const stranger = await at.site.client();
      const cases = [
        [supervisor, 200],
        [mara, 200],
        [theo, 403],
        [nobody, 403],
        [stranger, 302],
      ] as const;
      for (const path of [audio(), `${audio()}?download=1`])
        for (const [client, status] of cases)
          expect((await raw(path, { accept: 'text/html' }, client)).status).to.equal(status);
    });

    it("gives nothing away by the id of a recording of somebody else's call or box", async () => {
      const message = voicemailCall(undefined, COMPANY.phoneOfTheo);
      await at.tell(message);
      await at.keep(message.recordingId);
      expect((await raw(audio(message.recordingId), {}, theo)).status).to.equal(200);
      const refused = await raw(audio(message.recordingId), {}, mara);
      expect(refused.status).to.equal(403);
      expect(refused.headers['content-type']).not.to.contain('audio');
    });
  });

  describe('what is not there', () => {
    it('says not found for a recording on its way, missing, or whose file is gone', async () => {
      const { database } = at.site.parts;
      for (const state of ['waiting', 'missing']) {
        await database('recordings').update({ state });
        expect((await raw(audio())).status, state).to.equal(404);
      }
      await database('recordings').update({ state: 'stored' });
      expect((await raw(audio())).status).to.equal(200);
      await rm(file);
      expect((await raw(audio())).status).to.equal(404);
    });
  });

  describe('tricks with paths', () => {
    beforeEach(async () => {
      // Files that a path out of the folder, or about in it, would reach.
      const { varDir } = at.site.parts.config;
      await mkdir(at.folder, { recursive: true });
      await writeFile(join(varDir, 'secret'), SECRET);
      await writeFile(join(varDir, 'secret.flac'), SECRET);
      await writeFile(join(at.folder, 'secret.flac'), SECRET);
    });

    const refuses = async (path: string): Promise<void> => {
      const { status, headers, body } = await raw(path);
      expect(status, path).to.equal(404);
      expect(String(headers['content-type']), path).not.to.contain('audio');
      expect(body.includes(SECRET), path).to.equal(false);
      expect(body.includes('root:'), path).to.equal(false);
      expect(body.includes('fLaC'), path).to.equal(false);
    };

    it('has no file for ids that are paths', async () => {
      const day = dirname(file).slice(at.folder.length + 1);
      const { varDir } = at.site.parts.config;
      const ids = [
        ...['..', '.', '../secret', '../secret.flac', 'secret', 'secret.flac'],
        ...['../../../../../../../etc/passwd', '/etc/passwd', '//etc/passwd', 'file:///etc/passwd'],
        ...['..\\secret', '..\\..\\etc\\passwd', 'C:\\secret', '....//secret', '..;/secret'],
        ...[join(varDir, 'secret'), join(varDir, 'secret.flac'), file],
        ...[`${day}/${id}.flac`, `${day}/${id}`, `${id}.flac`, `../recordings/${day}/${id}.flac`],
        ...[`${id}/../${id}`, `${id}/`, `./${id}`, `${id} `, ` ${id}`, `${id}\n`, `${id}\r\n`],
        ...[`${id}\0`, `${id}\0.flac`, `\0`, `secret\0`, `../secret\0${id}`],
        ...[id.toLowerCase(), `${id}0`, id.slice(1), '*', '%', '_'.repeat(26), '%'.repeat(26)],
        ...[`' OR '1'='1`, '😀'.repeat(13), `${'．．／'.repeat(8)}aa`, 'x'.repeat(4_000)],
      ];
      for (const one of ids) {
        await refuses(audio(encodeURIComponent(one)));
        // Encoded once more: a second decoding anywhere would open it.
        await refuses(audio(encodeURIComponent(encodeURIComponent(one))));
      }
    });

    it('has no file for addresses that are written to slip through', async () => {
      for (const one of [
        '/recordings/../secret/audio',
        '/recordings/../../etc/passwd',
        '/recordings/..%2fsecret/audio',
        '/recordings/%2e%2e/secret/audio',
        '/recordings/%2e%2e%2fsecret/audio',
        '/recordings/%2E%2E%2Fsecret%2Eflac/audio',
        '/recordings/%252e%252e%252fsecret/audio',
        '/recordings/..%5csecret/audio',
        '/recordings/%c0%ae%c0%ae%c0%afsecret/audio',
        '/recordings/%00/audio',
        '/recordings/..%00/audio',
        '/recordings/%2fetc%2fpasswd/audio',
        '/recordings//etc/passwd/audio',
        '/recordings/%ff%fe/audio',
        '/recordings/%/audio',
        `/recordings/${id}/audio/../../../secret`,
        `/recordings/${id}/../../secret`,
        `/recordings/${id}%00/audio`,
        `/recordings/${id}%2f/audio`,
        `/recordings/${id}/audio%2f..%2f..%2fsecret`,
        `/recordings/${id}/`,
        '/recordings/secret.flac',
        `/recordings/${dirname(file).slice(at.folder.length + 1)}/${id}.flac`,
      ])
        await refuses(one);
    });

    it('opens no file outside the folder, also if the database says so', async () => {
      const { database } = at.site.parts;
      for (const path of [
        '../secret',
        '../secret.flac',
        'secret.flac',
        '/etc/passwd',
        `2026/11/24/../../../secret`,
        `2026/11/24/../24/${id}.flac`,
        `/2026/11/24/${id}.flac`,
        `2026/11/24/${id}.flac\0`,
        `2026/11/24/${id}.flac\n`,
        '',
      ]) {
        await database('recordings').where({ id }).update({ path });
        await refuses(audio());
        await refuses(`${audio()}?download=1`);
      }
    });

    it('sends no folder and no link that leads out in place of a file', async () => {
      await rm(file);
      await mkdir(file);
      await refuses(audio());
      await rm(file, { recursive: true });
      await symlink(join(at.site.parts.config.varDir, 'secret'), file);
      await refuses(audio());
    });
  });
});
