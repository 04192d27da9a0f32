import type { Language } from '../../kernel/call-event.js';
import { findCurrency, type Currency } from './currencies.js';
import { readDecimal, roundDecimal, type Decimal } from './decimal.js';
import { englishDecimal, englishNumber } from './english-numbers.js';
import { mandarinDecimal, mandarinNumber } from './mandarin-numbers.js';
import { MINUS, numberPiece, piece, type SoundRef } from './sound.js';

/** Why an amount cannot be said. */
export type MoneyProblem = 'not-money' | 'currency';

/**
 * An amount of money: twelve pounds and thirty-five pence; 十二元三角五分. Rounded to what the currency has (halves away from
 * zero). Currencies whose coins have no name in use are said with a point; those without sounds of their own by their letters.
 */
export function moneyPhrase(
  language: Language,
  value: string,
  currencyCode: string,
): readonly SoundRef[] | MoneyProblem {
  const currency = findCurrency(currencyCode);
  if (currency === undefined) return 'currency';
  const read = readDecimal(value);
  if (read === undefined) return 'not-money';
  const amount = roundDecimal(read, currency.places);
  const said = language === 'en' ? english(amount, currency) : mandarin(amount, currency);
  return amount.negative ? [MINUS, ...said] : said;
}

/** Nothing after the point is not said; a fraction keeps both of its figures. */
const unsigned = ({ whole, fraction }: Decimal): Decimal => ({
  negative: false,
  whole,
  fraction: /^0*$/.test(fraction) ? '' : fraction,
});

const letters = (code: string): readonly SoundRef[] =>
  Array.from(code.toLowerCase(), (letter) => piece(`letter-${letter}`));

function english(amount: Decimal, currency: Currency): readonly SoundRef[] {
  const { code, coin } = currency;
  const coins = Number(amount.fraction);
  const unit = (isOne: boolean): readonly SoundRef[] =>
    currency.isNamed ? [piece(isOne ? `money-${code}-one` : `money-${code}`)] : letters(code);
  if (coin === undefined || coins === 0) {
    const said = unsigned(amount);
    return [...englishDecimal(said), ...unit(said.whole === 1 && said.fraction === '')];
  }
  const small = [...englishNumber(coins), piece(coins === 1 ? `coin-${coin}-one` : `coin-${coin}`)];
  if (amount.whole === 0) return small;
  return [...englishNumber(amount.whole), ...unit(amount.whole === 1), piece('and'), ...small];
}

function mandarin(amount: Decimal, currency: Currency): readonly SoundRef[] {
  if (currency.code === 'CNY') return renminbi(amount);
  const { code } = currency;
  const coin = currency.coin === 'cent' ? undefined : currency.coin;
  const coins = Number(amount.fraction);
  const unit = currency.isNamed ? [piece(`money-${code}`)] : letters(code);
  if (coin === undefined || coins === 0)
    return [...mandarinDecimal(unsigned(amount), true), ...unit];
  const small = [...mandarinNumber(coins, amount.whole === 0), piece(`coin-${coin}`)];
  if (amount.whole === 0) return small;
  const gap = coins < 10 ? [numberPiece(0)] : [];
  return [...mandarinNumber(amount.whole, true), ...unit, ...gap, ...small];
}

/** 元, 角 and 分: 两元; 十二元三角五分; 十二元零五分; 五角. */
function renminbi({ whole, fraction }: Decimal): readonly SoundRef[] {
  const [jiao, fen] = [Number(fraction[0]), Number(fraction[1])];
  const said: SoundRef[] = [];
  if (whole > 0 || (jiao === 0 && fen === 0))
    said.push(...mandarinNumber(whole, true), piece('money-CNY'));
  if (jiao > 0) said.push(...mandarinNumber(jiao, said.length === 0), piece('coin-jiao'));
  else if (fen > 0 && said.length > 0) said.push(numberPiece(0));
  if (fen > 0) said.push(...mandarinNumber(fen, said.length === 0), piece('coin-fen'));
  return said;
}
