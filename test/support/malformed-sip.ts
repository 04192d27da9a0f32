import { createSocket } from 'node:dgram';

const CRLF = '\r\n';

/** A message with these lines, and what else one needs; lines that are given replace those. */
function message(first: string, changed: Readonly<Record<string, string | undefined>>, body = '') {
  const id = Math.random().toString(36).slice(2);
  const headers: Record<string, string | undefined> = {
    Via: `SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${id}`,
    'Max-Forwards': '70',
    From: `<sip:stranger@127.0.0.1>;tag=${id}`,
    To: '<sip:100@127.0.0.1>',
    'Call-ID': `${id}@127.0.0.1`,
    CSeq: `1 ${first.split(' ')[0] ?? ''}`,
    Contact: '<sip:stranger@127.0.0.1:9>',
    'Content-Length': String(Buffer.byteLength(body)),
    ...changed,
  };
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${value}`],
  );
  return Buffer.from([first, ...lines, '', body].join(CRLF));
}

const INVITE = 'INVITE sip:100@127.0.0.1 SIP/2.0';
const SDP = ['v=0', 'o=a 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', ''].join(
  CRLF,
);

/** Messages after those of RFC 4475 (sections 3.1.2, 3.3 and 4), each broken in one way, and some that are no SIP at all. */
export function malformedMessages(): readonly Buffer[] {
  return [
    // 3.1.2.1 extraneous separators, 3.1.2.2 and .3 lengths that are not those of the body
    message(INVITE, { Via: 'SIP/2.0/UDP 192.0.2.15;;,;,,' }),
    message(INVITE, { 'Content-Length': '9999' }, SDP),
    message(INVITE, { 'Content-Length': '-999' }, SDP),
    // 3.1.2.4 and .5 numbers that are none, or overflow
    message(INVITE, {
      CSeq: '36893488147419103232 INVITE',
      'Max-Forwards': '300',
      Expires: '1e12',
    }),
    message('REGISTER sip:127.0.0.1 SIP/2.0', {
      Contact: '<sip:a@127.0.0.1>;expires=280297596632815;q=999',
    }),
    // 3.1.2.6 to .8 quotes that do not end, addresses in brackets that are none
    message(INVITE, { To: '"Mr. J. User <sip:j.user@example.com>' }),
    message(`INVITE <sip:100@127.0.0.1> SIP/2.0`, {}),
    message('INVITE sip:100@127.0.0.1; lr SIP/2.0', {}),
    message('INVITE  sip:100@127.0.0.1  SIP/2.0', {}),
    message('INVITE sip:100@127.0.0.1 SIP/2.0  ', {}),
    message('INVITE sip:100@127.0.0.1?Route=%3Csip:a%3E SIP/2.0', {}),
    // 3.1.2.12 to .19 dates, versions, methods
    message(INVITE, { Date: 'Fri, 01 Jan 2010 16:00:00 EST' }),
    message(INVITE, { From: '<sip:a@127.0.0.1>;tag=1', To: '"\u0000\u0001" <sip:b@127.0.0.1>' }),
    message('OPTIONS sip:100@127.0.0.1 SIP/7.0', {}),
    message(INVITE, { CSeq: '8 INFO' }),
    message("!interesting-Method0123456789_*+`.%indeed'~ sip:1@127.0.0.1 SIP/2.0", {}),
    // 3.3 what must be there is not, or is there twice
    message(INVITE, { 'Call-ID': undefined, From: undefined, To: undefined, CSeq: undefined }),
    message('OPTIONS nobodyKnowsThisScheme:totallyopaquecontent SIP/2.0', {}),
    message(INVITE, { 'content-length': '20', l: '50' }, SDP),
    message(INVITE, { 'Content-Type': 'multipart/mixed; boundary=', 'Content-Encoding': 'x' }, SDP),
    message('SIP/2.0 4294967301 better not break the receiver', { CSeq: '353494 INVITE' }),
    // Far too long, far too many, and nothing that anybody knows
    message(INVITE, { From: `"${'x'.repeat(20_000)}" <sip:a@127.0.0.1>;tag=1` }),
    message(INVITE, { Subject: '%s%n%x'.repeat(500), [`X-${'a'.repeat(3_000)}`]: 'b' }),
    message(INVITE, { Via: Array.from({ length: 300 }, () => 'SIP/2.0/UDP 127.0.0.1').join(', ') }),
    message(INVITE, { Authorization: 'Digest username="\u0000",realm=,nonce="x' }),
    message(
      INVITE,
      { 'Content-Type': 'application/sdp' },
      `${SDP}m=audio 99999999 RTP/AVP ${'0 '.repeat(900)}`,
    ),
    message(INVITE, { 'Content-Type': 'application/sdp' }, 'v=0\r\nm=\r\na=\r\nc='),
    Buffer.alloc(0),
    Buffer.from(CRLF.repeat(50)),
    Buffer.alloc(1_400, 0xff),
    Buffer.from('GET / HTTP/1.1\r\nHost: a\r\n\r\n'),
  ];
}

/** As many calls from one stranger as there are; each a call of its own. */
export const strangersCalls = (count: number): readonly Buffer[] =>
  Array.from({ length: count }, () =>
    message(
      'INVITE sip:+442079460000@127.0.0.1 SIP/2.0',
      { 'Content-Type': 'application/sdp' },
      SDP,
    ),
  );

/** Sends each from one port, as fast as the machine does. */
export async function sendAll(messages: readonly Buffer[], to: string): Promise<void> {
  const [host = '', port = ''] = to.split(':');
  const socket = createSocket('udp4');
  try {
    for (const one of messages)
      await new Promise<void>((resolve, reject) => {
        socket.send(one, Number(port), host, (error) => {
          if (error === null) resolve();
          else reject(error);
        });
      });
  } finally {
    socket.close();
  }
}
