// The stage of the Autoencoder lab: its moments are those of the network, see lib/latents.js.

import { latentsOf } from "../lib/latents.js";
import { stageOf } from "../lib/stage.js";

export const makeStage = (live, ctx) => stageOf(live, ctx, latentsOf);
