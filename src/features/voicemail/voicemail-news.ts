/** Says that messages came, were heard or went: lamps of phones and mail follow it. */
export interface VoicemailNews {
  changed(): void;
}
