// Begins with what the page says of itself.

import { byId } from "../dom.js";
import { open } from "./main.js";

open(JSON.parse(byId("configuration").textContent));
