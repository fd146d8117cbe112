/** What the group tools do. Each says in words what it did, for the model; throws `AppError` for what it foresaw. */
export interface GroupHands {
  list(): Promise<string>;
  show(name: string): Promise<string>;
  /** Those that belong to no group. What strangers call them is content from strangers. */
  chats(): Promise<string>;
  add(name: string): Promise<string>;
  rename(name: string, to: string): Promise<string>;
  remove(name: string): Promise<string>;
  bind(name: string, chat: string): Promise<string>;
  unbind(chat: string): Promise<string>;
  set(name: string, change: GroupChange): Promise<string>;
  /** How it greets and how it writes, as it is now. */
  manner(name: string): Promise<Pick<GroupChange, "greeting" | "style">>;
  /** Whose a chat is, for the decision. */
  ownerOf(chat: string): Promise<string>;
}

export interface GroupChange {
  readonly trigger?: string;
  readonly mode?: string;
  readonly greeting?: string;
  readonly style?: string;
  readonly model?: string;
}
