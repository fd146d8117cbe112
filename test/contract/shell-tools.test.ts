import { createHostSandbox } from "../fakes/host-sandbox.ts";
import { describeShellTools } from "./shell-tools.ts";

describeShellTools("the host", () => createHostSandbox());
