import type { Vendor } from '../models.js';
import type { Device, DeviceFile } from './device.js';
import { fanvilFile } from './fanvil.js';
import { grandstreamFile } from './grandstream.js';
import { yealinkFile } from './yealink.js';

const FILES: Readonly<Record<Vendor, (device: Device) => DeviceFile>> = {
  yealink: yealinkFile,
  grandstream: grandstreamFile,
  fanvil: fanvilFile,
};

/** The file that a phone of this vendor is set up with. */
export const deviceFile = (vendor: Vendor, device: Device): DeviceFile => FILES[vendor](device);
