type FieldError = { field: string; message: string };

/** A refusal as the API tells it (RFC 9457). Status 0 is the console's own: no answer came. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  readonly correlationId?: string;

  constructor(status: number, told: Partial<Pick<Problem, "code" | "errors" | "correlationId">> & { detail?: string }) {
    super(told.detail ?? "");
    this.status = status;
    this.code = told.code ?? "unknown";
    this.errors = told.errors ?? [];
    this.correlationId = told.correlationId;
  }

  static async of(response: Response) {
    const body = await response.json().catch(() => ({}));
    return new Problem(response.status, {
      code: body.code,
      detail: body.detail ?? body.title ?? response.statusText,
      errors: body.errors,
      correlationId: body.correlation_id ?? response.headers.get("X-Correlation-ID") ?? undefined,
    });
  }
}

/** Whether asking once more may help: the server or the way to it failed, and not what was asked. */
export const mayPass = (error: unknown) => error instanceof Problem && (error.status === 0 || error.status >= 500);

/** Whether what was read in vain so often is asked for once more at once. */
export const triedAgain = (count: number, error: unknown) => count < 2 && mayPass(error);
