/** What the server puts before the worker: which build it belongs to. */
declare const BUILD: { id: string; files: string[] };
