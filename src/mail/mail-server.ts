import type { Secret } from "../secret.ts";

/** Where a server stands. Nothing is ever said to it in the clear. */
export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** From the first byte on, or after STARTTLS. */
  readonly isTls: boolean;
  readonly user: string;
  readonly password: Secret;
}

/** Who alone may sign certificates, where no public authority does: the path of a file; empty for those. */
export interface MailPlace {
  readonly server: MailServer;
  readonly caFile: string;
  /** All addresses of its name; the system's resolver by default. */
  readonly lookup?: (host: string) => Promise<readonly string[]>;
}
