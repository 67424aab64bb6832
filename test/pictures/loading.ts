/** What befalls the process that decodes pictures, as a module that it runs before all else. */

export interface Loading {
  readonly execArgv: readonly string[];
}

export function loading(module: string): Loading {
  const text = Buffer.from(module).toString("base64");
  return { execArgv: [`--import=data:text/javascript;base64,${text}`] };
}

/** As on a system for which there is no sharp, or where it was left out. */
export const WITHOUT_SHARP = loading(`import { registerHooks } from "node:module";
  registerHooks({ resolve(name, context, next) {
    if (name === "sharp") throw Object.assign(new Error("not here"), { code: "ERR_MODULE_NOT_FOUND" });
    return next(name, context);
  } });`);
