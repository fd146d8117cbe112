import type { Action } from "../authority/actions.ts";
import type { Effect, Tool, ToolContext, ToolQuestion, ToolResult } from "./tool.ts";

/** The JSON Schema that our own tools write. `validate.ts` checks it and tolerates any other keyword. */
export type Schema = StringSchema | NumberSchema | BooleanSchema | ArraySchema | ObjectSchema;

export type StringSchema = Described & {
  readonly type: "string";
  readonly enum?: readonly string[];
  readonly minLength?: number;
  readonly maxLength?: number;
};

export type NumberSchema = Described & {
  readonly type: "integer" | "number";
  readonly minimum?: number;
  readonly maximum?: number;
};

export type BooleanSchema = Described & { readonly type: "boolean" };

export type ArraySchema = Described & { readonly type: "array"; readonly items: Schema };

export type ObjectSchema = Described & {
  readonly type: "object";
  readonly properties: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

type Described = { readonly description?: string };

/** The value that a schema describes: `required` properties always there, the others perhaps. */
export type Infer<S extends Schema> = S extends { readonly enum: readonly (infer Word)[] }
  ? Word
  : S extends StringSchema
    ? string
    : S extends NumberSchema
      ? number
      : S extends BooleanSchema
        ? boolean
        : S extends ArraySchema
          ? readonly Infer<S["items"]>[]
          : S extends ObjectSchema
            ? InferObject<S["properties"], RequiredNames<S>>
            : never;

type RequiredNames<S extends ObjectSchema> = S["required"] extends readonly (infer Name)[] ? Name : never;

type InferObject<Properties extends Readonly<Record<string, Schema>>, Required> = {
  readonly [Name in keyof Properties as Name extends Required ? Name : never]: Infer<Properties[Name]>;
} & {
  readonly [Name in keyof Properties as Name extends Required ? never : Name]?: Infer<Properties[Name]>;
};

export interface ToolDraft<S extends ObjectSchema> {
  readonly name: string;
  readonly description: string;
  readonly input: S;
  readonly effect: Effect;
  readonly action: Action | ((input: Infer<S>, context: ToolContext) => ToolQuestion | Promise<ToolQuestion>);
  readonly bound?: readonly (keyof S["properties"] & string)[];
  readonly freeze?: (input: Infer<S>, context: ToolContext) => Promise<Uint8Array>;
  readonly diff?: (input: Infer<S>, context: ToolContext) => Promise<string | undefined>;
  readonly title: (input: Readonly<Record<string, unknown>>) => string;
  execute(input: Infer<S>, context: ToolContext): Promise<ToolResult>;
}

/** A `Tool` whose `execute` knows the type of its input from the schema beside it. */
export function defineTool<const S extends ObjectSchema>(draft: ToolDraft<S>): Tool {
  const { name, description, input: schema, effect, action, bound, freeze, diff, title } = draft;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the port promises input checked against this very schema
  const toInput = (input: unknown): Infer<S> => input as Infer<S>;
  return {
    name,
    description,
    input: schema,
    effect,
    action: typeof action === "string" ? action : (input, context) => action(toInput(input), context),
    ...(bound === undefined ? {} : { bound }),
    ...(freeze === undefined ? {} : { freeze: (input, context) => freeze(toInput(input), context) }),
    ...(diff === undefined ? {} : { diff: (input, context) => diff(toInput(input), context) }),
    title,
    execute: (input, context) => draft.execute(toInput(input), context),
  };
}
