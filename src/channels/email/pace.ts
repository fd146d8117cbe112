/** How long a mail server is waited for. */
export interface MailPace {
  /** Listened to, before it is asked whether it is still there: a server may forget after 29 minutes, a router does so earlier. */
  readonly idleMs: number;
  /** How long it may take to answer that, or a step of handing in a mail. */
  readonly answerMs: number;
  /**
   * To say that it has taken a mail, which it may look through first. Given up earlier, the mail is sent a second time (RFC 5321,
   * 4.5.3.2.6).
   */
  readonly takenMs: number;
}

export const usualPace: MailPace = { idleMs: 120_000, answerMs: 30_000, takenMs: 600_000 };
