/** The line that the server puts before the worker: the build that it belongs to. */
declare const BUILD: { id: string; files: string[] };
