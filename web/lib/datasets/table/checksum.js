// A checksum against damage by disks and broken writes: FNV-1a over 32-bit words.

/**
 * @param {Uint8Array} bytes beginning at a multiple of 4 in its buffer; a multiple of 4 long
 * @returns {number} 32 bits; any single changed word changes it
 */
export function checksum(bytes) {
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
  let hash = 0x811c9dc5;
  for (let i = 0; i < words.length; ++i) hash = Math.imul(hash ^ words[i], 0x01000193);
  return hash >>> 0;
}
