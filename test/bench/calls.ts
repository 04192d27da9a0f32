/**
 * The whole path of a call under load, on an instance of its own: DID, greeting, key, queue, agent's phone, bridge, recording,
 * ledger. In full it searches how many calls a second Cordboard and Asterisk's own queue carry, on the same Asterisk in the same
 * run, in turn. Last line: one JSON object. docs/capacity.md explains its figures.
 *
 *   npm run bench:calls -- --short
 *   npm run bench:calls -- [--seconds 15] [--agents 120] [--from 2] [--rate 6] [--limit 200] [--talk 3]
 *
 * `--seconds` of a step; `--agents` at phones; `--from` the first rate tried; `--rate` one rate for both instead of the search;
 * `--limit` of p95 of set-up, in ms; `--talk` seconds of a talk, on average.
 */
import { measureCapacity } from './calls-search.js';
import { measureShort } from './calls-short.js';

await (process.argv.includes('--short') ? measureShort() : measureCapacity());
