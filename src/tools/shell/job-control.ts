import { AppError } from "../../errors.ts";
import { defineTool } from "../schema.ts";
import type { Tool, ToolResult } from "../tool.ts";
import { toVisibleLine } from "../visible.ts";
import type { Job } from "./job.ts";
import type { JobTable } from "./job-table.ts";

const longestWait = 30;
const stopWithinMs = 2000;

/** The `job` tool: looks after the commands that `shell` left running. */
export function createJobControl(jobs: JobTable): Tool {
  return defineTool({
    name: "job",
    description:
      "Look after background commands. read: output since the last read, and the state; write: input to stdin.",
    input: {
      type: "object",
      properties: {
        action: { type: "string", enum: ["read", "write", "stop", "list"] },
        id: { type: "string" },
        input: { type: "string", description: "sent as it is: end a line with \\n" },
        wait: {
          type: "number",
          minimum: 0,
          maximum: longestWait,
          description: "read: seconds to wait for output",
        },
      },
      required: ["action"],
    },
    effect: "execute",
    action: "job.control",
    title: ({ action, id }) =>
      ["job", action, id]
        .filter((word) => typeof word === "string")
        .map(toWord)
        .join(" "),
    async execute({ action, id, input, wait = 0 }, { signal }) {
      signal.throwIfAborted();
      if (action === "list") return list(jobs);
      if (id === undefined) throw new AppError("usage", `job ${action} needs the id of a job.`);
      const job = jobs.get(id);
      switch (action) {
        case "read":
          await job.waitForNews(wait * 1000, signal);
          return report(job);
        case "write":
          if (input === undefined) throw new AppError("usage", "job write needs input.");
          await job.write(input);
          return { content: `Sent ${Buffer.byteLength(input)} bytes to ${job.id}.` };
        case "stop":
          job.kill();
          await job.waitForEnd(stopWithinMs, signal);
          return report(job);
        default:
          return action satisfies never;
      }
    },
  });
}

function toWord(word: string): string {
  return toVisibleLine(word, 20);
}

function list(jobs: JobTable): ToolResult {
  const lines = jobs.list().map((job) => `${job.id}: ${job.state}: ${job.title}`);
  return { content: lines.length === 0 ? "No jobs." : lines.join("\n"), details: { jobs: lines.length } };
}

function report(job: Job): ToolResult {
  const { text, lost } = job.read();
  const parts = [
    `${job.id} ${job.state}.`,
    ...(lost === 0 ? [] : [`[${lost} characters were printed before this and are lost]`]),
    text === "" ? "(no new output)" : text.trimEnd(),
  ];
  return { content: parts.join("\n"), details: { job: job.id, state: job.state } };
}
