// The screen of the scanner, on the engine.

import { open } from "./engine.js";

await open();
