import { createHostSandbox } from "../fakes/host-sandbox.ts";
import { describeFileTools } from "./file-tools.ts";

describeFileTools("the host", () => createHostSandbox());
