#include "mpeg.h"

/* kbit/s by [row][index]; rows: MPEG-1 layer I, II, III; MPEG-2 layer I, II and III. */
static const short kbps_of[4][16] = {
    {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, -1},
    {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, -1},
    {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, -1},
    {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, -1},
};
static const short kbps_of_low_layer_1[16] = {0,   32,  48,  56,  64,  80,  96,  112,
                                              128, 144, 160, 176, 192, 224, 256, -1};
static const int rate_of[3] = {44100, 48000, 32000};

static bool has_sync(const unsigned char* p) {
  return p[0] == 0xFF && (p[1] & 0xE0) == 0xE0;
}

/* Bytes of the frame that begins at p; 0 for a free bit rate (not known), -1 for no frame. */
static int frame_bytes(const unsigned char* p) {
  const int version = p[1] >> 3 & 3; /* 0 MPEG-2.5, 2 MPEG-2, 3 MPEG-1 */
  const int layer = 4 - (p[1] >> 1 & 3);
  const int bit_rate = p[2] >> 4;
  const int rate_index = p[2] >> 2 & 3;
  const int padding = p[2] >> 1 & 1;
  if (!has_sync(p) || version == 1 || layer == 4 || bit_rate == 15 || rate_index == 3)
    return -1;
  const int rate_hz = rate_of[rate_index] >> (version == 3 ? 0 : version == 2 ? 1 : 2);
  const int kbps = version == 3 ? kbps_of[layer - 1][bit_rate]
                   : layer == 1 ? kbps_of_low_layer_1[bit_rate]
                                : kbps_of[3][bit_rate];
  if (kbps == 0)
    return 0;
  if (layer == 1)
    return (12000 * kbps / rate_hz + padding) * 4;
  return (layer == 3 && version != 3 ? 72000 : 144000) * kbps / rate_hz + padding;
}

bool dt__mpeg_is_false(const unsigned char* head, size_t size) {
  if (size < 4 || !has_sync(head))
    return false;
  const int bytes = frame_bytes(head);
  if (bytes <= 0)
    return bytes < 0;
  return (size_t)bytes + 4 > size || frame_bytes(head + bytes) < 0;
}
