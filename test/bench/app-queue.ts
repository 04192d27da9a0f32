import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, type Platform } from '../support/platform.js';
import { benchSounds, type BenchAgent } from './bench-company.js';

/** What callers dial to reach Asterisk's own queue; the same trunk brings them. */
export const APP_QUEUE_DID = '+442079460160';

/** A recording with sound in it is longer than the header of its WAV file. */
const WAV_HEADER_BYTES = 44;

/**
 * The same path as {@link makeBenchCompany}'s, carried by Asterisk's dialplan alone: `Answer`, `Playback`, `Read`, `MixMonitor`,
 * `Queue`, with the same sounds and the same phones. `b`: MixMonitor writes while caller and agent are bridged, as ours does; `I`: neither is
 * told who the other is, as in ours.
 */
const DIALPLAN = (folder: string): string => `
[from-trunk]
exten => ${APP_QUEUE_DID},1,Gosub(caller,s,1)
 same => n,Answer()
 same => n,Playback(${folder}/sounds/welcome)
 same => n,Read(BENCH_KEY,${folder}/sounds/greeting,1,,1,5)
 same => n,GotoIf($["\${BENCH_KEY}"!="1"]?bye)
 same => n,MixMonitor(${folder}/recordings/\${UNIQUEID}.wav,b)
 same => n,Queue(bench,I,,,60)
 same => n(bye),Hangup()
`;

const QUEUES = (agents: readonly BenchAgent[]): string => `
[general]
persistentmembers = no
autofill = yes

[bench]
strategy = leastrecent
musicclass = default
ringinuse = no
timeout = 10
retry = 1
wrapuptime = 0
${agents.map(({ number }) => `member => PJSIP/${number},0,${number}`).join('\n')}
`;

/** Asterisk's own queue on the pbx node of a benchmark. */
export class AppQueue {
  private constructor(private readonly recordings: string) {}

  /** Teaches the running node; its files are made anew when the platform starts again. */
  static load(platform: Platform, agents: readonly BenchAgent[]): AppQueue {
    const node = join(platform.varDir, 'asterisk', 'pbx');
    const folder = join(node, 'spool', 'bench');
    for (const part of ['sounds', 'recordings'])
      mkdirSync(join(folder, part), { recursive: true, mode: 0o777 });
    for (const [name, wav] of Object.entries(benchSounds()))
      writeFileSync(join(folder, 'sounds', `${name}.wav`), wav);
    writeFileSync(join(node, 'etc', 'queues.conf'), QUEUES(agents));
    appendFileSync(join(node, 'etc', 'extensions.conf'), DIALPLAN(folder));
    for (const command of [
      'module load app_read.so',
      'module load app_queue.so',
      'dialplan reload',
    ])
      cli(platform, command);
    if (!cli(platform, `dialplan show ${APP_QUEUE_DID}@from-trunk`).includes('Queue(bench'))
      throw new Error('the dialplan of the comparison was not loaded');
    return new AppQueue(join(folder, 'recordings'));
  }

  /** Recordings with sound, which are removed. */
  takeRecordings(): number {
    const files = readdirSync(this.recordings).map((name) => join(this.recordings, name));
    const count = files.filter((file) => statSync(file).size > WAV_HEADER_BYTES).length;
    for (const file of files) rmSync(file);
    return count;
  }
}

function cli(platform: Platform, command: string): string {
  const { stdout, stderr, status } = spawnSync('scripts/platform', ['cli', 'pbx', command], {
    cwd: REPOSITORY,
    encoding: 'utf8',
    env: { ...process.env, CB_VAR: platform.varDir },
  });
  if (status !== 0) throw new Error(`${command}: ${stdout}${stderr}`);
  return stdout;
}
