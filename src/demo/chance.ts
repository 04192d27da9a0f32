/** Chance for the demonstration: how simulated people differ. Give a source of your own to repeat a course of events. */
export class Chance {
  constructor(private readonly next: () => number = Math.random) {}

  /** True with this probability. */
  is(probability: number): boolean {
    return this.next() < probability;
  }

  /** A duration between two, each as likely. */
  between(fromMs: number, toMs: number): number {
    return Math.round(fromMs + this.next() * (toMs - fromMs));
  }

  /** One of several. */
  of<T>(list: readonly [T, ...T[]]): T {
    return list[Math.floor(this.next() * list.length)] ?? list[0];
  }

  /** One of several by weight. */
  byWeight<T extends string>(weights: Readonly<Record<T, number>>): T {
    const entries = Object.entries<number>(weights) as [T, number][];
    let rest = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [name, weight] of entries) {
      rest -= weight;
      if (rest < 0) return name;
    }
    const last = entries.at(-1);
    if (last === undefined) throw new Error('nothing to choose from');
    return last[0];
  }
}
