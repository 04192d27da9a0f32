import { expect } from 'chai';
import { readHealth } from '../../src/adapters/redis/health.js';
import { useLab } from '../support/lab.js';
import { keptPid } from '../support/platform.js';
import { until } from '../support/until.js';

describe('the watch over SIP', function () {
  this.timeout(60_000);
  const lab = useLab();

  const sip = async (): Promise<Readonly<Record<string, unknown>>> => {
    const health = (await readHealth(lab.product.redis, ['calls'])).get('calls');
    return (health?.['sip'] ?? {}) as Readonly<Record<string, unknown>>;
  };

  it('hears Asterisk answer, alarms when it does not, and says when it does again', async () => {
    await until('an answer', 15_000, async () => (await sip())['isAnswering'] === true);
    expect((await sip())['answeredInMs']).to.be.below(1_000);
    // As a locked SIP stack looks from outside: the port is open, and nothing comes back.
    const pid = keptPid(lab.platform, 'asterisk-pbx');
    process.kill(pid, 'SIGSTOP');
    try {
      await until('the alarm', 40_000, async () => (await sip())['isAnswering'] === false);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until('the end of it', 15_000, async () => (await sip())['isAnswering'] === true);
    await lab.product.nowHas('Asterisk', 30_000, (now) => now.pbxOnline);
  });
});
