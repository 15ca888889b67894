/** A part of the console that could not be fetched: there is no connection, or it is not there any more after an update. */
export class NotLoaded extends Error {}

const PAUSE_MS = 500;

/** Fetches a part of the console, and once more where that fails. */
export async function loaded<Part>(load: () => Promise<Part>): Promise<Part> {
  try {
    return await load();
  } catch (error) {
    // One who asks for it on somebody's behalf has tried twice already.
    if (error instanceof NotLoaded) throw error;
    await new Promise((go) => setTimeout(go, PAUSE_MS));
    return load().catch((cause) => {
      throw new NotLoaded("A part of the console could not be fetched.", { cause });
    });
  }
}
