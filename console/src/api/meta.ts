import told from "./generated/meta.json";

export type Said = { zh: string; en: string };
/** What the contract says of a field. */
export type Field = {
  type?: string;
  schema?: string;
  nullable?: boolean;
  required?: boolean;
  enum?: string[];
  items?: Field;
  /** What each value of a dictionary may be. */
  values?: Field;
  format?: string;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  maxItems?: number;
  pattern?: string;
  default?: unknown;
  label?: Said;
  "enum-labels"?: Record<string, Said>;
  order?: number;
  reference?: string;
  /** The member by which it names the record, where that is not the id. */
  "reference-by"?: string;
  /** Whose permissions they are, where not everybody may hold all of them. */
  holder?: "program";
  money?: string | boolean;
  /** The dictionary whose terms it takes. */
  dictionary?: string;
};
export type Fields = Record<string, Field>;
type Operation = {
  method: "get" | "post" | "patch" | "put" | "delete";
  path: string;
  permission?: string;
  body?: string;
  answer?: string;
  sort?: string[];
  queries?: string[];
  /** Whether what happened to the record is read below it. */
  history?: boolean;
};
export type OperationName = keyof typeof told.operations;

/** What is shown: records, and the parts of them. Forms ask for more (`bodies.ts`). */
export const schemas = told.schemas as unknown as Record<string, Fields>;
export const operations = told.operations as unknown as Record<OperationName, Operation>;
