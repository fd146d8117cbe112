import { approval } from "./approval.ts";
import type { Language } from "../language.ts";
import { audit } from "./audit.ts";
import { backup } from "./backup.ts";
import { channel } from "./channel.ts";
import { config } from "./config.ts";
import { connection } from "./connection.ts";
import { discord } from "./discord.ts";
import { doctor } from "./doctor.ts";
import { egress } from "./egress.ts";
import { gateway } from "./gateway.ts";
import { group } from "./group.ts";
import { home } from "./home.ts";
import { limit } from "./limit.ts";
import { login } from "./login.ts";
import { memory } from "./memory.ts";
import { mount } from "./mount.ts";
import { people } from "./people.ts";
import { peoplePhrases } from "./people-phrases.ts";
import { notice } from "./notice.ts";
import { phrases } from "./phrases.ts";
import { plugin } from "./plugin.ts";
import { prompt } from "./prompt.ts";
import { provider } from "./provider.ts";
import { sandbox } from "./sandbox.ts";
import { service } from "./service.ts";
import { store } from "./store.ts";
import { system } from "./system.ts";
import { task } from "./task.ts";
import { slack } from "./slack.ts";
import { email } from "./email.ts";
import { telegram } from "./telegram.ts";
import { whatsapp } from "./whatsapp.ts";
import { undo } from "./undo.ts";
import { usage } from "./usage.ts";
import { vault } from "./vault.ts";

export const chinese: Language = {
  name: "zh-CN",
  phrases,
  people: peoplePhrases,
  failures: {
    approval,
    audit,
    backup,
    channel,
    config,
    connection,
    discord,
    doctor,
    egress,
    gateway,
    group,
    home,
    limit,
    login,
    memory,
    mount,
    people,
    notice,
    plugin,
    prompt,
    provider,
    sandbox,
    service,
    store,
    system,
    task,
    slack,
    telegram,
    email,
    whatsapp,
    undo,
    usage,
    vault,
  },
};
