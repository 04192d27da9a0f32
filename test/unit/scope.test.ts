import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import fc from 'fast-check';
import { Scope, Cancelled } from '../../src/kernel/scope.js';
import { VirtualClock, settle } from '../../src/kernel/clock.js';

setFlagsFromString('--expose-gc');
/** What is left after it is really held. */
const collectGarbage = runInNewContext('gc') as () => void;

const outcome = async <T>(p: Promise<T>): Promise<T | Error> => p.catch((e: unknown) => e as Error);

describe('Scope', () => {
  it('stops every sibling when the scope is cancelled, and runs cleanup once, last first', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    let handle: Scope | undefined;
    const call = outcome(
      Scope.run('call', async (scope) => {
        handle = scope;
        scope.defer(() => {
          log.push('bridge destroyed');
        });
        scope.defer(() => {
          log.push('recording stopped');
        });
        scope.fork('music', async (s) => {
          try {
            for (;;) await clock.sleep(10_000, s.signal);
          } finally {
            log.push('music stopped');
          }
        });
        await clock.sleep(60_000, scope.signal);
        return 'answered';
      }),
    );
    await clock.advance(25_000);
    handle?.cancel('hangup');
    const result = await call;
    expect(result).to.be.instanceOf(Cancelled).with.property('reason', 'hangup');
    expect(log).to.deep.equal(['music stopped', 'recording stopped', 'bridge destroyed']);
    expect(clock.pending).to.equal(0);
  });
  it('fails with the first real error of a forked task', async () => {
    const clock = new VirtualClock();
    const p = outcome(
      Scope.run('call', async (scope) => {
        scope.fork('dial', async (s) => {
          await clock.sleep(5, s.signal);
          throw new Error('trunk down');
        });
        await clock.sleep(1000, scope.signal);
      }),
    );
    await clock.advance(10);
    expect(await p).to.have.property('message', 'trunk down');
  });
  it('leaves nothing behind for any tree of work and any moment of hangup', async () => {
    interface Node {
      ms: number;
      kids: Node[];
    }
    const tree: (depth: number) => fc.Arbitrary<Node> = (depth) =>
      fc.record({
        ms: fc.nat(50),
        kids: depth === 0 ? fc.constant([]) : fc.array(tree(depth - 1), { maxLength: 3 }),
      });
    await fc.assert(
      fc.asyncProperty(tree(3), fc.nat(120), async (root, hangupAt) => {
        const clock = new VirtualClock();
        let opened = 0,
          closed = 0;
        let handle: Scope | undefined;
        const grow =
          (node: Node) =>
          async (s: Scope): Promise<void> => {
            handle ??= s;
            opened++;
            s.defer(() => {
              closed++;
            });
            node.kids.forEach((kid, i) => {
              s.fork(String(i), grow(kid));
            });
            await clock.sleep(node.ms, s.signal);
          };
        const p = outcome(Scope.run('root', grow(root)));
        await clock.advance(hangupAt);
        handle?.cancel('hangup');
        await p;
        await settle();
        return opened === closed && clock.pending === 0;
      }),
      { numRuns: 300 },
    );
  });
  it('does not leak into a long-lived parent', async function () {
    this.timeout(20_000);
    await Scope.run('server', async (server) => {
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      for (let i = 0; i < 100_000; i++)
        await server.run('call', async (call) => {
          await call.wait(Promise.resolve());
        });
      await settle();
      collectGarbage();
      expect(process.memoryUsage().heapUsed - before).to.be.below(8e6);
    });
  });
});
