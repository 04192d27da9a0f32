import { createSocket } from 'node:dgram';
import { expect } from 'chai';
import { decodeAlaw, encodeAlaw, isTone, RtpClock, RtpLine } from '../../support/rtp.js';
import { makeTone } from '../../../src/demo/tones.js';

describe('A-law', () => {
  it('gives every code back that it decoded', () => {
    for (let code = 0; code < 256; code++)
      expect(encodeAlaw(decodeAlaw(Uint8Array.of(code))[0] ?? 0)).to.equal(code);
  });

  it('keeps a tone a tone', () => {
    const tone = makeTone(1000, 20);
    expect(isTone(decodeAlaw(Uint8Array.from(tone.map(encodeAlaw))), 1000)).to.equal(true);
    expect(isTone(decodeAlaw(Uint8Array.from(tone.map(encodeAlaw))), 600)).to.equal(false);
  });
});

describe('a telephone line', () => {
  it('hears, answers to where the sound came from, and presses keys by RFC 4733', async () => {
    const heard: Int16Array[] = [];
    const line = await RtpLine.open((samples) => heard.push(samples));
    const clock = new RtpClock();
    clock.add(line);
    const other = createSocket('udp4');
    const received: Buffer[] = [];
    other.on('message', (packet) => received.push(packet));
    try {
      line.say(1000);
      const sent = Buffer.concat([
        Buffer.from([0x80, 8, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]),
        Buffer.from(makeTone(600, 20).map(encodeAlaw)),
      ]);
      other.send(sent, line.port, '127.0.0.1');
      await line.press('5');
      await new Promise<void>((resolve) => {
        other.on('message', (packet) => {
          if ((packet.readUInt8(1) & 0x7f) === 8) resolve();
        });
      });
    } finally {
      clock.stop();
      line.close();
      other.close();
    }
    expect(heard.map((samples) => isTone(samples, 600))).to.deep.equal([true]);
    const keys = received.filter((packet) => (packet.readUInt8(1) & 0x7f) === 101);
    expect(keys.map((packet) => packet.readUInt8(12))).to.deep.equal(Array(8).fill(5));
    expect(keys.map((packet) => packet.readUInt8(13) >> 7)).to.deep.equal([0, 0, 0, 0, 0, 1, 1, 1]);
    expect(new Set(keys.map((packet) => packet.readUInt32BE(4))).size).to.equal(1);
    const sound = received.find((packet) => (packet.readUInt8(1) & 0x7f) === 8);
    expect(isTone(decodeAlaw(sound?.subarray(12) ?? Buffer.alloc(0)), 1000)).to.equal(true);
  });
});
