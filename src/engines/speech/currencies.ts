/** How an amount is split: figures after the point, and what a hundredth is called where that has a name that is used. */
export interface Currency {
  readonly code: string;
  /** Figures after the point, by ISO 4217. */
  readonly places: number;
  /** Its own sounds are there; another is spelled by its three letters. */
  readonly isNamed: boolean;
  /** Pieces `coin-<name>-one` and `coin-<name>` in English, `coin-<name>` in Mandarin, which has no word for other `cent`s. */
  readonly coin?: string;
}

/** Currencies with sounds of their own, and the coin of which a hundred make one, where callers expect its name. */
export const NAMED_CURRENCIES: Readonly<Record<string, string>> = {
  ...{ AED: '', ARS: '', AUD: 'cent', BDT: '', BRL: '', CAD: 'cent', CHF: '', CLP: '', CNY: 'fen' },
  ...{ COP: '', CZK: '', DKK: '', EGP: '', EUR: 'euro-cent', GBP: 'penny', HKD: '', HUF: '' },
  ...{ IDR: '', ILS: '', INR: '', ISK: '', JPY: '', KES: '', KRW: '', KWD: '', LKR: '', MAD: '' },
  ...{ MXN: '', MYR: '', NGN: '', NOK: '', NZD: 'cent', PEN: '', PHP: '', PKR: '', PLN: '' },
  ...{ QAR: '', RON: '', RUB: '', SAR: '', SEK: '', SGD: 'cent', THB: '', TRY: '', TWD: '' },
  ...{ UAH: '', USD: 'us-cent', VND: '', ZAR: 'cent' },
};

const CODES = new Set(Intl.supportedValuesOf('currency'));

/** A currency by its ISO 4217 code; undefined where there is none. */
export function findCurrency(text: string): Currency | undefined {
  const code = text.trim().toUpperCase();
  if (!CODES.has(code)) return undefined;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: code });
  const coin = NAMED_CURRENCIES[code];
  return {
    code,
    places: format.resolvedOptions().maximumFractionDigits ?? 2,
    isNamed: coin !== undefined,
    ...(coin === undefined || coin === '' ? {} : { coin }),
  };
}
