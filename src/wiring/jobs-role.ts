import { ledgerEventWriter, makeLedgerWriter } from '../adapters/ledger/index.js';
import { sendWebhooks, webhookKeyOf } from '../adapters/http/webhook-sender.js';
import { startTools } from '../adapters/sound/run-tool.js';
import { publishHealth } from '../adapters/redis/health.js';
import { openLiveView } from '../adapters/redis/live.js';
import { makeVoicemailNews } from '../adapters/redis/voicemail-news.js';
import { WebhookQueue } from '../adapters/redis/webhook-queue.js';
import { startAlarms } from '../features/alarms/index.js';
import { knexAuditLog } from '../features/audit/index.js';
import { startFollowUpJobs } from '../features/follow-ups/index.js';
import { keepCampaigns, segmentMembers } from '../features/campaigns/index.js';
import { startMail } from '../features/mail/index.js';
import { startMissedCallers } from '../features/missed-callers/index.js';
import { keepResults, KnexPastResults } from '../features/past-results/index.js';
import { startQueueLogJobs } from '../features/queue-log/index.js';
import { startReconciliation } from '../features/reconciliation/index.js';
import { startReportMail } from '../features/reports/index.js';
import { keepSums, KnexSums } from '../features/report-sums/index.js';
import {
  makeRecordingCollector,
  openRecordingShelf,
  startRetention,
  startSealing,
} from '../features/recordings/index.js';
import { makeSigningKeys } from '../features/webhooks/index.js';
import { startVoicemailJobs } from '../features/voicemail/index.js';
import { loadMessages } from '../web/i18n.js';
import type { Scope } from '../kernel/scope.js';
import { startListFigures } from '../features/contact-lists/index.js';
import { startImports } from '../features/contacts/index.js';
import { contactImportFolder, type Foundation } from './foundation.js';

/** The role `jobs`: the ledger's way into the database, recordings' way from the nodes, and agents' past results. */
export async function startJobs(
  server: Scope,
  base: Foundation,
): Promise<{ close(): Promise<void> }> {
  const { config, database, clock, log, redis } = base;
  startTools();
  const writer = makeLedgerWriter(config.redisUrl, database, clock, log);
  const shelf = openRecordingShelf(base);
  const collector = makeRecordingCollector(config, shelf, database, clock, log);
  const news = makeVoicemailNews(redis, log);
  const missed = startMissedCallers(server, { database, clock, log });
  writer.onWritten(() => {
    missed.wake();
    collector.wake();
    news.changed();
  });
  writer.start();
  const { announcer } = base;
  keepResults(server, { clock, log, announcer, store: new KnexPastResults(database) });
  keepSums(server, { clock, log, sums: new KnexSums(database, config.timezone) });
  collector.start();
  keepCampaigns(server, {
    ...{ database, clock, log },
    segments: segmentMembers(config.timezone),
    auditLog: knexAuditLog,
  });
  startImports(server, {
    ...{ database, clock, log },
    config: config.database,
    folder: contactImportFolder(config),
  });
  startListFigures(server, { database, clock, log });
  startRetention(server, { database, clock, log, shelf });
  startSealing(server, { database, clock, log, shelf });
  startReconciliation(server, {
    ...{ database, clock, log, zone: config.timezone },
    // For the log: the rule of alarms reads the days themselves.
    raiseAlarm: (day) => {
      log.error({ alarm: 'reconciliation', ...day }, 'the figures of a day do not add up');
    },
  });
  const webhooks = new WebhookQueue(redis);
  sendWebhooks(server, {
    ...{ source: webhooks, clock, log },
    keys: makeSigningKeys({
      ...{ database, clock, log },
      secrets: base.sealer,
      firstKey: webhookKeyOf(config.secretKey),
    }),
    allowedAddresses: config.flowAddresses,
  });
  startQueueLogJobs(server, {
    ...{ database, clock, log, varDir: config.varDir },
    ...{ zone: config.timezone, country: config.country },
    write: ledgerEventWriter(database),
  });
  const mail = startMail(server, { database, secrets: base.sealer, clock, log });
  const texts = loadMessages((key) => {
    log.error({ key }, 'a text is missing');
  });
  const site = {
    ...{ varDir: config.varDir, zone: config.timezone, country: config.country },
    publicUrl: config.http.publicUrl,
  };
  startVoicemailJobs(server, {
    ...{ database, clock, log, news, texts, shelf },
    ...site,
  });
  startReportMail(server, {
    ...{ database, clock, log, texts, directory: base.directory },
    ...site,
  });
  const live = await openLiveView(redis, log);
  startAlarms(server, { ...{ database, redis, live, clock, log, texts }, ...site });
  startFollowUpJobs(server, { database, live, clock, log });
  publishHealth(server, base, 'jobs', async () => ({
    ledgerWriter: await writer.counters(),
    recordings: collector.counters(),
    webhooksWaiting: await webhooks.waiting(),
    webhooksLost: await webhooks.lostCount(),
    mail: await mail.counts(),
  }));
  return {
    close: async () => {
      live.close();
      await collector.stop();
      await writer.stop();
    },
  };
}
