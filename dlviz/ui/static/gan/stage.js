// The stage of the GAN lab: its moments are those of both networks, see lib/gans.js.

import { gansOf } from "../lib/gans.js";
import { stageOf } from "../lib/stage.js";

export const makeStage = (live, ctx) => stageOf(live, ctx, gansOf);
