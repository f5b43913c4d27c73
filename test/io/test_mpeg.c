#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "mpeg.h"

/* Two headers, the second where the first frame ends. */
static bool is_false(const unsigned char* header, size_t frame_bytes) {
  unsigned char head[4096] = {0};
  memcpy(head, header, 4);
  memcpy(head + frame_bytes, header, 4);
  return dt__mpeg_is_false(head, sizeof head);
}

static void real_frames_are_let_through(void** state) {
  (void)state;
  static const struct {
    unsigned char header[4];
    size_t bytes;
  } frames[] = {
      {{0xFF, 0xFB, 0x90, 0x00}, 417}, /* MPEG-1 layer III, 128 kbit/s, 44.1 kHz */
      {{0xFF, 0xFB, 0x92, 0x00}, 418}, /* the same, padded */
      {{0xFF, 0xFD, 0x84, 0x00}, 384}, /* MPEG-1 layer II, 128 kbit/s, 48 kHz */
      {{0xFF, 0xFF, 0x40, 0x00}, 136}, /* MPEG-1 layer I, 128 kbit/s, 44.1 kHz */
      {{0xFF, 0xF3, 0x80, 0x00}, 208}, /* MPEG-2 layer III, 64 kbit/s, 22.05 kHz */
      {{0xFF, 0xE3, 0x80, 0x00}, 417}, /* MPEG-2.5 layer III, 64 kbit/s, 11.025 kHz */
  };
  for (size_t i = 0; i < sizeof frames / sizeof *frames; ++i) {
    assert_false(is_false(frames[i].header, frames[i].bytes));
    assert_true(is_false(frames[i].header, frames[i].bytes + 5));
  }
}

static void what_cannot_be_a_frame_is_refused(void** state) {
  (void)state;
  static const unsigned char impossible[][4] = {
      {0xFF, 0xFF, 0x78, 0x8C}, /* a layer I header with nothing after it */
      {0xFF, 0xE9, 0x90, 0x00}, /* no such version */
      {0xFF, 0xF9, 0x90, 0x00}, /* no such layer */
      {0xFF, 0xFB, 0xF0, 0x00}, /* no such bit rate */
      {0xFF, 0xFB, 0x9C, 0x00}, /* no such rate */
  };
  for (size_t i = 0; i < sizeof impossible / sizeof *impossible; ++i)
    assert_true(is_false(impossible[i], 3000));
}

static void other_files_and_tiny_ones_are_not_our_business(void** state) {
  (void)state;
  assert_false(dt__mpeg_is_false((const unsigned char*)"RIFF....", 8));
  assert_false(dt__mpeg_is_false((const unsigned char*)"\xFF\xFB", 2));
  static const unsigned char free_rate[4] = {0xFF, 0xFB, 0x00, 0x00};
  assert_false(is_false(free_rate, 500));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(real_frames_are_let_through),
      cmocka_unit_test(what_cannot_be_a_frame_is_refused),
      cmocka_unit_test(other_files_and_tiny_ones_are_not_our_business),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
