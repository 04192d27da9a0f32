/**
 * `node dist/tasks/first-call.js`: places one real call from the carrier through the whole switchboard, and prints what
 * became of it. Exit status 1, with the reason, where any part did not do what it should. The report is also kept in
 * `<varDir>/first-call.txt`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock } from '../adapters/clock/system-clock.js';
import { makeSealer } from '../adapters/crypto/seal.js';
import { makeLogger } from '../adapters/log/logger.js';
import { openDatabase } from '../adapters/mysql/database.js';
import { openRedis } from '../adapters/redis/connection.js';
import { openDesk } from '../adapters/redis/desk.js';
import { openLiveView } from '../adapters/redis/live.js';
import { loadConfig } from '../config.js';
import { loadCarrierSettings } from '../demo/carrier-settings.js';
import { Carrier } from '../demo/carrier.js';
import { FirstCall, type FirstCallResult } from '../demo/first-call.js';
import { KnexCallStories } from '../demo/knex-call-story.js';
import { timelineOf } from '../demo/timeline.js';
import { openDirectory } from '../features/directory/index.js';
import { openRecordingShelf } from '../features/recordings/index.js';
import { Scope } from '../kernel/scope.js';

const config = loadConfig();
const log = makeLogger('silent');

try {
  const result = await Scope.run('first call', async (scope) => {
    const database = openDatabase(config.database, 2);
    scope.defer(() => database.destroy());
    const redis = openRedis(config.redisUrl, log);
    scope.defer(() => {
      redis.disconnect();
    });
    const desk = openDesk(redis, log);
    scope.defer(() => {
      desk.close();
    });
    const live = await openLiveView(redis, log);
    scope.defer(() => {
      live.close();
    });
    const directory = await openDirectory(database, makeSealer(config.secretKey), log);
    scope.defer(() => {
      directory.close();
    });
    const carrier = await Carrier.connect(loadCarrierSettings().ari, (reason) => {
      scope.cancel(`the carrier is lost: ${reason}`);
    });
    scope.defer(() => carrier.close());
    const call = new FirstCall({
      carrier,
      directory: directory.current,
      live,
      desk,
      stories: new KnexCallStories(database),
      recordings: {
        place: join(config.varDir, 'recordings'),
        folder: openRecordingShelf({ config, database, clock: systemClock, log }).folder,
      },
    });
    return scope.wait(call.run());
  });
  const text = report(result);
  console.log(text);
  await writeFile(join(config.varDir, 'first-call.txt'), `${text}\n`);
} catch (error) {
  console.error(`The first call failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function report({ story, answeredBy, recording, heard }: FirstCallResult): string {
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
  return [
    ...timelineOf(story.events),
    '',
    `answered by    ${answeredBy}, after ${seconds(story.row.wait_ms)} in the queue; talked ${seconds(story.row.talk_ms)}`,
    `recorded       ${recording}`,
    `heard          the caller heard the agent for ${seconds(heard.agentByCaller)}, the agent heard the caller for ${seconds(heard.callerByAgent)}`,
    `in the file    caller on the left for ${seconds(heard.recordedCaller)}, agent on the right for ${seconds(heard.recordedAgent)}`,
  ].join('\n');
}
