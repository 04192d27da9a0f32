import { expect } from 'chai';
import type { TrunkId } from '../../../src/kernel/ids.js';
import {
  BACK_OFF_MS,
  REFUSALS_IN_A_ROW,
  TrunkHealth,
} from '../../../src/telephony/calls/campaigns/trunk-health.js';

const TRUNK = 1 as TrunkId;

describe('a trunk that refuses', () => {
  const make = () => {
    const told: string[] = [];
    const health = new TrunkHealth({
      onRefusing: () => told.push('refusing'),
      onWorking: () => told.push('working'),
    });
    const refuse = (at: number): void => {
      health.dialled(TRUNK);
      health.refused(TRUNK, at, (verdict) => told.push(verdict));
    };
    return { health, told, refuse };
  };

  it('some numbers is one that works', () => {
    const { health, told, refuse } = make();
    for (let at = 0; at < REFUSALS_IN_A_ROW - 1; at++) refuse(at);
    expect(told).to.deep.equal([]);
    health.worked(TRUNK);
    expect(told).to.deep.equal(Array.from({ length: REFUSALS_IN_A_ROW - 1 }, () => 'congestion'));
    expect(health.room(TRUNK, 10)).to.equal(Infinity);
  });

  it('everything is left alone, tried with one call, and longer each time; no number pays', () => {
    const { health, told, refuse } = make();
    for (let at = 0; at < REFUSALS_IN_A_ROW; at++) refuse(0);
    expect(told).to.deep.equal([
      ...Array.from({ length: REFUSALS_IN_A_ROW }, () => 'failed'),
      'refusing',
    ]);
    const [first, second] = BACK_OFF_MS;
    expect(health.room(TRUNK, first - 1)).to.equal(0);
    expect(health.room(TRUNK, first)).to.equal(1);
    refuse(first);
    expect(told.at(-1)).to.equal('failed');
    expect(health.triesOf(TRUNK)).to.equal(1);
    expect(health.room(TRUNK, first + second - 1)).to.equal(0);
    expect(health.room(TRUNK, first + second)).to.equal(1);
    health.dialled(TRUNK);
    expect(health.room(TRUNK, first + second)).to.equal(0);
    health.worked(TRUNK);
    expect(told.at(-1)).to.equal('working');
    expect(health.room(TRUNK, first + second)).to.equal(Infinity);
  });

  it('everything is one to tell people of, until a call gets through or nobody has called for long', () => {
    const { health, refuse } = make();
    refuse(0);
    expect(health.refusesNow(TRUNK, 0)).to.equal(false);
    for (let at = 1; at < REFUSALS_IN_A_ROW; at++) refuse(0);
    expect(health.refusesNow(TRUNK, 0)).to.equal(true);
    const [first] = BACK_OFF_MS;
    refuse(first);
    expect(health.refusesNow(TRUNK, first + 15 * 60_000 - 1)).to.equal(true);
    expect(health.refusesNow(TRUNK, first + 15 * 60_000)).to.equal(false);
    expect(health.isRefusing(TRUNK)).to.equal(true);
    health.worked(TRUNK);
    expect(health.refusesNow(TRUNK, first)).to.equal(false);
  });

  it('one number after which nobody was called is that number’s own in the end', () => {
    const { health, told, refuse } = make();
    refuse(0);
    health.pass(59_999);
    expect(told).to.deep.equal([]);
    health.pass(60_000);
    expect(told).to.deep.equal(['congestion']);
  });
});
