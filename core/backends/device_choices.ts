/** What a user may ask for as device, apart from the code of the devices: help and config files list it. */
import { deviceNames } from "./backend.ts";

/** All that a user may ask for; `auto` takes a hardware GPU if there is one, else the CPU. */
export const deviceChoices = ["auto", ...deviceNames] as const;
/** What a user may ask for as device. */
export type DeviceChoice = typeof deviceChoices[number];
