#ifndef DT_TEST_SOUNDFONT_FILE_H
#define DT_TEST_SOUNDFONT_FILE_H

/*
 * A SoundFont 2.01 with one sound: a step that stays for 50 ms, whatever the key. Its first sample
 * is its loudest, so where a note begins is seen to the frame. Include after cmocka.
 */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DT__STEP_FRAMES = 2400, DT__STEP_REST = 64 };

typedef struct dt__sf2 {
  unsigned char bytes[16384];
  size_t size;
} dt__sf2;

static inline void dt__sf2_put(dt__sf2* f, const void* bytes, size_t size) {
  assert_true(f->size + size <= sizeof f->bytes);
  memcpy(f->bytes + f->size, bytes, size);
  f->size += size;
}

static inline void dt__sf2_int(dt__sf2* f, uint32_t value, int bytes) {
  for (int i = 0; i < bytes; i++) {
    const unsigned char byte = (unsigned char)(value >> (8 * i));
    dt__sf2_put(f, &byte, 1);
  }
}

static inline void dt__sf2_name(dt__sf2* f, const char* name) {
  char text[20] = "";
  strncpy(text, name, sizeof text - 1);
  dt__sf2_put(f, text, sizeof text);
}

/* A chunk begins; where its size stands. */
static inline size_t dt__sf2_begin(dt__sf2* f, const char* tag, const char* list) {
  dt__sf2_put(f, tag, 4);
  const size_t at = f->size;
  dt__sf2_int(f, 0, 4);
  if (list)
    dt__sf2_put(f, list, 4);
  return at;
}

static inline void dt__sf2_end(dt__sf2* f, size_t at) {
  const size_t size = f->size - at - 4;
  for (int i = 0; i < 4; i++)
    f->bytes[at + (size_t)i] = (unsigned char)(size >> (8 * i));
}

static inline void dt__sf2_gen(dt__sf2* f, uint32_t operation, uint32_t amount) {
  dt__sf2_int(f, operation, 2);
  dt__sf2_int(f, amount, 2);
}

static inline void dt__sf2_info(dt__sf2* f) {
  const size_t list = dt__sf2_begin(f, "LIST", "INFO");
  size_t at = dt__sf2_begin(f, "ifil", NULL);
  dt__sf2_int(f, 2, 2);
  dt__sf2_int(f, 1, 2);
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "isng", NULL);
  dt__sf2_put(f, "EMU8000", 8);
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "INAM", NULL);
  dt__sf2_put(f, "A step\0", 8);
  dt__sf2_end(f, at);
  dt__sf2_end(f, list);
}

static inline void dt__sf2_sample(dt__sf2* f) {
  const size_t list = dt__sf2_begin(f, "LIST", "sdta");
  const size_t at = dt__sf2_begin(f, "smpl", NULL);
  for (int i = 0; i < DT__STEP_FRAMES; i++)
    dt__sf2_int(f, 16000, 2);
  for (int i = 0; i < DT__STEP_REST; i++)
    dt__sf2_int(f, 0, 2);
  dt__sf2_end(f, at);
  dt__sf2_end(f, list);
}

static inline void dt__sf2_presets(dt__sf2* f) {
  size_t at = dt__sf2_begin(f, "phdr", NULL);
  for (int i = 0; i < 2; i++) {
    dt__sf2_name(f, i == 0 ? "Step" : "EOP");
    dt__sf2_int(f, 0, 2); /* program, bank */
    dt__sf2_int(f, 0, 2);
    dt__sf2_int(f, (uint32_t)i, 2); /* bag */
    dt__sf2_int(f, 0, 4);
    dt__sf2_int(f, 0, 4);
    dt__sf2_int(f, 0, 4);
  }
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "pbag", NULL);
  dt__sf2_gen(f, 0, 0);
  dt__sf2_gen(f, 1, 0);
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "pmod", NULL);
  dt__sf2_name(f, ""); /* ten zeros would do; a record is ten bytes */
  f->size -= 10;
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "pgen", NULL);
  dt__sf2_gen(f, 41, 0); /* instrument 0 */
  dt__sf2_gen(f, 0, 0);
  dt__sf2_end(f, at);
}

static inline void dt__sf2_instruments(dt__sf2* f, uint32_t rate_hz) {
  size_t at = dt__sf2_begin(f, "inst", NULL);
  for (uint32_t i = 0; i < 2; i++) {
    dt__sf2_name(f, i == 0 ? "Step" : "EOI");
    dt__sf2_int(f, i, 2);
  }
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "ibag", NULL);
  dt__sf2_gen(f, 0, 0);
  dt__sf2_gen(f, 3, 0);
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "imod", NULL);
  dt__sf2_name(f, "");
  f->size -= 10;
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "igen", NULL);
  dt__sf2_gen(f, 56, 0);  /* every key the same pitch, */
  dt__sf2_gen(f, 58, 60); /* that of its root */
  dt__sf2_gen(f, 53, 0);  /* sample 0 */
  dt__sf2_gen(f, 0, 0);
  dt__sf2_end(f, at);
  at = dt__sf2_begin(f, "shdr", NULL);
  for (int i = 0; i < 2; i++) {
    dt__sf2_name(f, i == 0 ? "Step" : "EOS");
    dt__sf2_int(f, 0, 4); /* start, end, loop, rate */
    dt__sf2_int(f, i == 0 ? DT__STEP_FRAMES : 0, 4);
    dt__sf2_int(f, i == 0 ? 8 : 0, 4);
    dt__sf2_int(f, i == 0 ? DT__STEP_FRAMES - 8 : 0, 4);
    dt__sf2_int(f, i == 0 ? rate_hz : 0, 4);
    dt__sf2_int(f, 60, 1);
    dt__sf2_int(f, 0, 1);
    dt__sf2_int(f, 0, 2);
    dt__sf2_int(f, i == 0 ? 1 : 0, 2);
  }
  dt__sf2_end(f, at);
}

/* Writes it into a new file, to be unlinked. */
static inline void dt__soundfont_file(char path[64], int rate_hz) {
  static dt__sf2 f;
  f.size = 0;
  const size_t riff = dt__sf2_begin(&f, "RIFF", "sfbk");
  dt__sf2_info(&f);
  dt__sf2_sample(&f);
  const size_t list = dt__sf2_begin(&f, "LIST", "pdta");
  dt__sf2_presets(&f);
  dt__sf2_instruments(&f, (uint32_t)rate_hz);
  dt__sf2_end(&f, list);
  dt__sf2_end(&f, riff);
  snprintf(path, 64, "/tmp/dt-step-XXXXXX");
  const int file = mkstemp(path);
  assert_true(file >= 0);
  assert_int_equal(write(file, f.bytes, f.size), f.size);
  close(file);
}

/* One for all tests of a group, in and out with cmocka_run_group_tests. */
enum { DT__FONT_RATE_HZ = 48000 };

static char dt__font[64];

static inline int dt__font_make(void** state) {
  (void)state;
  dt__soundfont_file(dt__font, DT__FONT_RATE_HZ);
  return 0;
}

static inline int dt__font_remove(void** state) {
  (void)state;
  return unlink(dt__font);
}

#endif
