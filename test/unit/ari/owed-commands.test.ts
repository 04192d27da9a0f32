import { expect } from 'chai';
import { OwedCommands } from '../../../src/adapters/asterisk-ari/owed-commands.js';
import { AriError, type AriFailure } from '../../../src/telephony/ari/port.js';
import { until } from '../../support/until.js';

describe('commands that a node did not answer', () => {
  const failing = (...failures: AriFailure[]) => {
    const sent: number[] = [];
    const command = (): Promise<void> => {
      sent.push(sent.length);
      const failure = failures.shift();
      return failure === undefined
        ? Promise.resolve()
        : Promise.reject(new AriError(failure, 'hangup', 0, 'test'));
    };
    return { sent, command };
  };
  const failureOf = (sending: Promise<void>): Promise<string> =>
    sending.then(
      () => 'none',
      (error: unknown) => (error instanceof AriError ? error.failure : String(error)),
    );

  it('are sent again until it has, once it is there', async () => {
    let isUp = false;
    const owed = new OwedCommands(() => isUp);
    const { sent, command } = failing('unavailable', 'timeout', 'gone');
    expect(await failureOf(owed.send('a', command))).to.equal('unavailable');
    expect(owed.size).to.equal(1);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(sent, 'while it is away nobody asks').to.have.length(1);
    isUp = true;
    await until('the answer', 5_000, () => owed.size === 0);
    expect(sent).to.have.length(3);
    owed.close();
  });

  it('are not owed where the node said no, or that there is nothing to end', async () => {
    const owed = new OwedCommands(() => true);
    for (const failure of ['gone', 'refused'] as const)
      expect(await failureOf(owed.send('a', failing(failure).command))).to.equal(failure);
    expect(await failureOf(owed.send('a', failing().command))).to.equal('none');
    expect(owed.size).to.equal(0);
    owed.close();
  });
});
