import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { soundFolder } from '../../../src/adapters/files/sound-folder.js';
import { measureLoudness } from '../../../src/adapters/sound/measure-loudness.js';
import { soxConverter } from '../../../src/adapters/sound/sox-converter.js';
import { espeakSynthesiser } from '../../../src/adapters/tts/espeak-synthesiser.js';
import { SoundStudio } from '../../../src/features/prompts/sound-studio.js';
import type { SoundLibrary, SoundResult } from '../../../src/features/prompts/sound.js';
import { sox, soundStats, wavFormat, withTestFolder } from '../../support/sounds.js';

interface Workshop {
  readonly folder: string;
  readonly library: SoundLibrary;
  readonly studio: SoundStudio;
}
const inWorkshop = (work: (workshop: Workshop) => Promise<void>) => (): Promise<void> =>
  withTestFolder(async (folder) => {
    const library = soundFolder(join(folder, 'prompts'));
    await work({
      folder,
      library,
      studio: new SoundStudio(library, soxConverter, espeakSynthesiser, espeakSynthesiser),
    });
  });

function valueOf<T>(result: SoundResult<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.reason} ${result.detail}`);
  return result.value;
}
const reasonOf = (result: SoundResult<unknown>): string => (result.ok ? 'accepted' : result.reason);

describe('making prompts', function () {
  this.timeout(60_000);

  for (const [ending, extra] of [
    ['wav', ['-r', '44100', '-c', '2']],
    ['mp3', ['-r', '44100', '-c', '2']],
    ['flac', ['-r', '48000', '-b', '24']],
    ['ogg', ['-r', '22050']],
    ['aiff', ['-r', '44100', '-c', '2']],
    ['au', ['-r', '8000', '-e', 'mu-law']],
    ['gsm', ['-r', '8000']],
    ['amr-nb', ['-r', '8000']],
    ['caf', ['-r', '44100']],
  ] as const)
    it(
      `converts ${ending} to 8 and 16 kHz, mono, 16 bit`,
      inWorkshop(async ({ folder, library, studio }) => {
        const path = join(folder, `original.${ending}`);
        sox('-n', ...extra, path, 'synth', '2', 'sine', '440', 'vol', '0.05');
        const { hash, durationMs } = valueOf(await studio.fromFile(path));
        expect(durationMs).to.be.within(1_950, 2_150);
        const narrow = (await library.find(hash, 'narrow')) ?? '';
        const wide = (await library.find(hash, 'wide')) ?? '';
        expect(wavFormat(narrow)).to.deep.equal({ channels: 1, rate: 8_000, bits: 16 });
        expect(wavFormat(wide)).to.deep.equal({ channels: 1, rate: 16_000, bits: 16 });
        expect(soundStats(narrow)('Length s')).to.be.closeTo(durationMs / 1_000, 0.01);
        expect(readdirSync(join(folder, 'prompts')).sort()).to.deep.equal(
          [`${hash}.16k.wav`, `${hash}.wav`].sort(),
        );
      }),
    );

  it(
    'reads Opus and AAC',
    inWorkshop(async ({ folder, studio }) => {
      const wav = join(folder, 'tone.wav');
      const opus = join(folder, 'tone.opus');
      sox('-n', '-r', '48000', '-b', '16', wav, 'synth', '2', 'sine', '440');
      execFileSync('opusenc', ['--quiet', wav, opus]);
      expect(valueOf(await studio.fromFile(opus)).durationMs).to.be.closeTo(2_000, 50);
      const m4a = join(folder, 'tone.m4a');
      writeFileSync(m4a, readFileSync(new URL('../../support/tone.m4a', import.meta.url)));
      const read = valueOf(await studio.fromFile(m4a));
      expect(read.durationMs).to.be.closeTo(1_000, 80);
      expect(read.isSilent).to.equal(false);
    }),
  );

  it(
    'makes quiet and loud sounds equally loud by EBU R 128, and does not count the pauses',
    inWorkshop(async ({ folder, library, studio }) => {
      for (const [name, volume, pad] of [
        ['quiet', '0.01', '0'],
        ['loud', '0.9', '0'],
        ['pauses', '0.2', '3'],
      ] as const) {
        const path = join(folder, `${name}.wav`);
        sox('-n', '-r', '16000', path, 'synth', '2', 'sine', '300', 'vol', volume, 'pad', pad, pad);
        const { hash } = valueOf(await studio.fromFile(path));
        for (const [quality, rate] of [
          ['narrow', 8_000],
          ['wide', 16_000],
        ] as const) {
          const stored = (await library.find(hash, quality)) ?? '';
          const { loudness } = await measureLoudness(stored, rate, 'int16', 44);
          expect(loudness, `${name}, ${quality}`).to.be.closeTo(-23, 0.5);
        }
      }
    }),
  );

  it(
    'keeps the true peak of clicks in a quiet sound below -1 dBTP',
    inWorkshop(async ({ folder, library, studio }) => {
      const path = join(folder, 'clicks.wav');
      const quiet = join(folder, 'quiet.wav');
      sox('-n', '-r', '16000', quiet, 'synth', '4', 'sine', '300', 'vol', '0.01');
      const click = join(folder, 'click.wav');
      sox('-n', '-r', '16000', click, 'synth', '0.002', 'square', '3000', 'pad', '1', '1');
      sox('-m', quiet, click, path);
      const { hash } = valueOf(await studio.fromFile(path));
      for (const [quality, rate] of [
        ['narrow', '32000'],
        ['wide', '64000'],
      ] as const) {
        const four = join(folder, `${quality}.wav`);
        sox((await library.find(hash, quality)) ?? '', '-b', '32', '-r', rate, four);
        expect(soundStats(four)('Pk lev dB'), quality).to.be.at.most(-0.95);
      }
    }),
  );

  it(
    'takes a silent file and says that it is silent',
    inWorkshop(async ({ folder, studio }) => {
      const path = join(folder, 'silence.wav');
      sox('-n', '-r', '8000', path, 'trim', '0', '3');
      const silent = valueOf(await studio.fromFile(path));
      expect(silent.isSilent).to.equal(true);
      expect(await studio.find(silent.hash)).to.deep.equal(silent);
    }),
  );

  it(
    'speaks many texts at once, each a sound of its own without silence at its ends',
    inWorkshop(async ({ library, studio }) => {
      const texts = ['one', 'twenty-one', 'A.B. & <C>', 'Hold the line. You are next, really.'];
      const sounds = valueOf(await studio.fromTexts(texts, 'en'));
      expect(sounds).to.have.length(4);
      expect(new Set(sounds.map(({ hash }) => hash)).size).to.equal(4);
      for (const { hash, durationMs } of sounds) {
        expect(await library.durationMs(hash)).to.equal(durationMs);
        const bytes = readFileSync((await library.find(hash, 'narrow')) ?? '').subarray(44);
        const loud = Array.from({ length: bytes.length / 2 }, (_, at) =>
          Math.abs(bytes.readInt16LE(at * 2)),
        ).findIndex((level) => level > 100);
        expect(loud / 8, 'ms before the first sound').to.be.below(80);
      }
      const [one, , , sentence] = sounds;
      expect(one?.durationMs).to.be.within(200, 700);
      expect(sentence?.durationMs).to.be.within(1_500, 5_000);
    }),
  );

  it(
    'names a file by its content: the same sound twice is one file',
    inWorkshop(async ({ folder, studio }) => {
      const path = join(folder, 'one.wav');
      sox('-n', '-r', '8000', path, 'synth', '1', 'sine', '440');
      const [first, second] = await Promise.all([studio.fromFile(path), studio.fromFile(path)]);
      expect(valueOf(first).hash)
        .to.match(/^[0-9a-f]{64}$/)
        .and.equal(valueOf(second).hash);
    }),
  );

  const wrong: readonly (readonly [string, string, (path: string) => void])[] = [
    [
      'a file without a byte',
      'empty-file',
      (path) => {
        writeFileSync(path, '');
      },
    ],
    [
      'a text named .wav',
      'not-a-sound',
      (path) => {
        writeFileSync(path, 'Good morning\n'.repeat(100));
      },
    ],
    [
      'a page of HTML',
      'not-a-sound',
      (path) => {
        writeFileSync(path, '<!doctype html><script>alert(1)</script>');
      },
    ],
    [
      'a play list for sox',
      'not-a-sound',
      (path) => {
        writeFileSync(path, '#EXTM3U\n/etc/passwd\n');
      },
    ],
    [
      'a header that is cut off',
      'damaged',
      (path) => {
        sox('-n', '-r', '8000', path, 'synth', '1', 'sine', '440');
        truncateSync(path, 30);
      },
    ],
    [
      'a header without sound',
      'damaged',
      (path) => {
        sox('-n', '-r', '8000', path, 'synth', '1', 'sine', '440');
        truncateSync(path, 44);
      },
    ],
    [
      'a FLAC that is cut off in its header',
      'damaged',
      (path) => {
        writeFileSync(path, Buffer.from('fLaC\0\0\0'));
      },
    ],
    [
      'noise that begins like MP3',
      'damaged',
      (path) => {
        writeFileSync(path, Buffer.concat([Buffer.from('ID3'), Buffer.alloc(5_000, 7)]));
      },
    ],
    [
      'an Opus file',
      'damaged',
      (path) => {
        writeFileSync(
          path,
          Buffer.concat([
            Buffer.from('OggS'),
            Buffer.alloc(24),
            Buffer.from('OpusHead'),
            Buffer.alloc(500),
          ]),
        );
      },
    ],
    [
      'a click',
      'too-short',
      (path) => {
        sox('-n', '-r', '8000', path, 'synth', '0.05', 'sine', '440');
      },
    ],
    [
      'an hour',
      'too-long',
      (path) => {
        sox('-D', '-n', '-r', '8000', '-t', 'flac', path, 'trim', '0', '3600');
      },
    ],
    [
      'a file of more than 20 MB',
      'too-large',
      (path) => {
        writeFileSync(path, '');
        truncateSync(path, 20 * 1024 * 1024 + 1);
      },
    ],
  ];
  for (const [what, reason, make] of wrong)
    it(
      `refuses ${what}: ${reason}`,
      inWorkshop(async ({ folder, studio }) => {
        const path = join(folder, 'upload.wav');
        make(path);
        expect(reasonOf(await studio.fromFile(path))).to.equal(reason);
        const left = readdirSync(folder).includes('prompts')
          ? readdirSync(join(folder, 'prompts'))
          : [];
        expect(left).to.deep.equal([]);
      }),
    );

  it(
    'takes what is there of a file that claims to be four gigabytes long',
    inWorkshop(async ({ folder, studio }) => {
      const path = join(folder, 'claims.wav');
      sox('-n', '-r', '8000', '-b', '16', path, 'synth', '1', 'sine', '440');
      const bytes = readFileSync(path);
      bytes.writeUInt32LE(0xffffffff, 4);
      bytes.writeUInt32LE(0xfffffff0, 40);
      writeFileSync(path, bytes);
      expect(valueOf(await studio.fromFile(path)).durationMs).to.be.closeTo(1_000, 20);
    }),
  );

  it(
    'does not fall for a header with 65,535 channels',
    inWorkshop(async ({ folder, studio }) => {
      const path = join(folder, 'channels.wav');
      sox('-n', '-r', '8000', '-b', '16', path, 'synth', '1', 'sine', '440');
      const bytes = readFileSync(path);
      bytes.writeUInt16LE(0xffff, 22);
      writeFileSync(path, bytes);
      expect(reasonOf(await studio.fromFile(path))).to.be.oneOf(['damaged', 'too-short', 'silent']);
    }),
  );

  it(
    'speaks English and Chinese',
    inWorkshop(async ({ library, studio }) => {
      const english = valueOf(
        await studio.fromText('Welcome to Alder Home. Press one for sales.', 'en'),
      );
      const chinese = valueOf(await studio.fromText('欢迎致电，销售请按一。', 'zh-CN'));
      expect(english.durationMs).to.be.within(1_500, 6_000);
      expect(chinese.durationMs).to.be.within(1_500, 6_000);
      expect(chinese.hash).not.to.equal(english.hash);
      expect(await library.durationMs(english.hash)).to.equal(english.durationMs);
    }),
  );

  it(
    'takes options, shell words and brackets in a text for words',
    inWorkshop(async ({ studio, folder }) => {
      for (const text of [
        '--version',
        '$(touch evil); `touch evil`',
        '[[h@l@U]] hello',
        '-w /tmp/evil hello',
      ])
        expect(valueOf(await studio.fromText(text, 'en')).durationMs).to.be.above(300);
      expect(readdirSync(folder)).to.deep.equal(['prompts']);
    }),
  );

  it(
    'refuses a text without a word',
    inWorkshop(async ({ studio }) => {
      expect(reasonOf(await studio.fromText(' ... !', 'en'))).to.equal('nothing-to-say');
    }),
  );

  it(
    'finds sounds by their hash only, never by a path',
    inWorkshop(async ({ folder, library }) => {
      writeFileSync(join(folder, 'secret.wav'), 'secret');
      for (const name of [
        '../secret',
        '..%2fsecret',
        '/etc/passwd',
        '',
        'A'.repeat(64),
        `${'a'.repeat(64)}\0`,
        `${'a'.repeat(63)}/`,
      ])
        expect(await library.find(name, 'narrow'), name).to.equal(undefined);
    }),
  );

  it(
    'works at two sounds at a time and refuses when too many wait',
    inWorkshop(async ({ library }) => {
      let running = 0;
      let most = 0;
      let open: () => void = () => undefined;
      const twoAreRunning = new Promise<void>((resolve) => {
        open = resolve;
      });
      const speak = async (): Promise<SoundResult<void>> => {
        running += 1;
        most = Math.max(most, running);
        if (running === 2) open();
        await twoAreRunning;
        running -= 1;
        return { ok: false, reason: 'timed-out', detail: '' };
      };
      const slow = new SoundStudio(library, soxConverter, { speak }, espeakSynthesiser);
      const asked = Array.from({ length: 30 }, () => slow.fromText('hello', 'en'));
      const reasons = (await Promise.all(asked)).map(reasonOf);
      expect(most).to.equal(2);
      expect(reasons.filter((reason) => reason === 'busy')).to.have.length(8);
      expect(reasons.filter((reason) => reason === 'timed-out')).to.have.length(22);
    }),
  );
});
