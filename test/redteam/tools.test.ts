import { createHostSandbox } from "../fakes/host-sandbox.ts";
import { describeToolAttacks } from "./tools.ts";

describeToolAttacks("the host", () => createHostSandbox());
