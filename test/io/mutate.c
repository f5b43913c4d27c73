/* Damaged files are refused in one sentence, whatever the damage.
 *
 *   mutate [COUNT [SEED]]
 *
 * Makes small valid files (MIDI, lists of strokes, WAV, AIFF, FLAC, Ogg, Opus, MP3), damages COUNT
 * copies of them and loads each as a take. A crash leaves the last file in the folder that is
 * printed first; the same seed makes the same files. */

#include <time.h>

#include "../support/sndfile_leaks.h"
#include "dt/codec.h"
#include "dt/file.h"
#include "dt/kitmap.h"
#include "dt/rng.h"
#include "folder.h"
#include "sound_make.h"

#define COUNT_DEFAULT 300
#define SEED_DEFAULT  42
#define RATE_HZ       22050
#define FRAMES        2646 /* 0.12 s: one knock */
#define KEPT_MAX      65536

typedef struct base {
  const char* name;
  int format; /* of libsndfile; 0: not sound */
  dt_buffer bytes;
  size_t loaded;
  size_t refused;
} base;

static base bases[] = {
    {.name = "smf"},
    {.name = "csv"},
    {.name = "wav", .format = SF_FORMAT_WAV | SF_FORMAT_PCM_16},
    {.name = "float.wav", .format = SF_FORMAT_WAV | SF_FORMAT_FLOAT},
    {.name = "aiff", .format = SF_FORMAT_AIFF | SF_FORMAT_PCM_24},
    {.name = "flac", .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16},
    {.name = "ogg", .format = SF_FORMAT_OGG | SF_FORMAT_VORBIS},
    {.name = "opus", .format = SF_FORMAT_OGG | SF_FORMAT_OPUS},
    {.name = "mp3", .format = SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III},
};
#define BASE_COUNT (sizeof bases / sizeof *bases)

static void need(bool ok, const char* what) {
  if (!ok) {
    fprintf(stderr, "cannot make %s\n", what);
    exit(EXIT_FAILURE);
  }
}

static void make_smf(dt_buffer* bytes) {
  dt_take take = {.has_click = true, .click = {.ticks_per_quarter = 480}, .duration_s = 5.0};
  need(dt_tempo_map_set_tempo(&take.click, NULL, 0, 500000) == DT_OK, "a tempo");
  need(dt_tempo_map_set_tempo(&take.click, NULL, 960, 400000) == DT_OK, "a tempo");
  need(dt_tempo_map_set_meter(&take.click, NULL, 0, (dt_meter){7, 8}) == DT_OK, "a metre");
  for (int i = 0; i < 20; ++i) {
    const dt_stroke stroke = dt_stroke_at(i * 0.21, (dt_drum)(i % DT_DRUM_COUNT));
    need(dt_strokes_add(&take.strokes, NULL, &stroke) == DT_OK, "a stroke");
  }
  dt_smf smf;
  need(dt_smf_from_take(&smf, NULL, &take) == DT_OK, "a MIDI file");
  need(dt_smf_write(&smf, dt_buffer_sink(bytes)) == DT_OK, "a MIDI file");
  dt_smf_clear(&smf, NULL);
  dt_take_clear(&take, NULL);
}

static void make_csv(dt_buffer* bytes) {
  const dt_sink sink = dt_buffer_sink(bytes);
  need(dt_sink_printf(sink, "time_s,drum,velocity,note\n") == DT_OK, "a list");
  for (int i = 0; i < 12; ++i)
    need(dt_sink_printf(sink, "%.6f,%s,%d,\n", i * 0.25, dt_drum_name((dt_drum)i), 60 + i) == DT_OK,
         "a list");
}

static void make_bases(folder* temp) {
  make_smf(&bases[0].bytes);
  make_csv(&bases[1].bytes);
  for (size_t i = 2; i < BASE_COUNT; ++i) {
    const int rate_hz = bases[i].format == (SF_FORMAT_OGG | SF_FORMAT_OPUS) ? 24000 : RATE_HZ;
    const char* path = in_folder(temp, bases[i].name);
    if (!sound_make(path, bases[i].format, rate_hz, 1, FRAMES, knocks)) {
      printf("not written by this libsndfile: %s\n", bases[i].name);
      continue;
    }
    need(dt_file_read(&bases[i].bytes, path, KEPT_MAX, NULL) == DT_OK, bases[i].name);
    remove(path);
  }
}

/* A place in the file, near its beginning as often as anywhere: headers break in more ways. */
static size_t place(dt_rng* rng, size_t size) {
  const size_t bound = dt_rng_below(rng, 2) == 0 && size > 64 ? 64 : size;
  return dt_rng_below(rng, (uint32_t)bound);
}

static void overwrite(dt_rng* rng, unsigned char* bytes, size_t size) {
  static const uint32_t telling[] = {0,          1,          0x7F,       0x80,       0xFF,
                                     0x7FFF,     0x8000,     0xFFFF,     0x7FFFFFFF, 0x80000000,
                                     0xFFFFFFFF, 0xFFFFFFFE, 0x01000000, 0x00010000, 48000};
  const uint32_t value = telling[dt_rng_below(rng, sizeof telling / sizeof *telling)];
  const size_t at = place(rng, size);
  const bool is_little = dt_rng_below(rng, 2) == 0;
  for (size_t i = 0; i < 4 && at + i < size; ++i)
    bytes[at + i] = (unsigned char)(value >> 8 * (is_little ? i : 3 - i));
}

static size_t move_part(dt_rng* rng, unsigned char* bytes, size_t size) {
  const size_t from = place(rng, size);
  const size_t to = place(rng, size);
  const size_t room = (from > to ? from : to);
  const size_t count = 1 + dt_rng_below(rng, (uint32_t)(size - room));
  memmove(bytes + to, bytes + from, count);
  return dt_rng_below(rng, 4) == 0 ? to + count : size;
}

static size_t insert(dt_rng* rng, unsigned char* bytes, size_t size) {
  const size_t at = place(rng, size);
  const size_t count = 1 + dt_rng_below(rng, 32);
  memmove(bytes + at + count, bytes + at, size - at);
  for (size_t i = 0; i < count; ++i)
    bytes[at + i] = (unsigned char)dt_rng_below(rng, 256);
  return size + count;
}

/* bytes has room for KEPT_MAX more. Returns the new size. */
static size_t damage(dt_rng* rng, unsigned char* bytes, size_t size) {
  for (uint32_t times = 1 + dt_rng_below(rng, 3); times > 0 && size > 0; --times) {
    switch (dt_rng_below(rng, 7)) {
    case 0:
      bytes[place(rng, size)] ^= (unsigned char)(1U << dt_rng_below(rng, 8));
      break;
    case 1:
      bytes[place(rng, size)] = (unsigned char)dt_rng_below(rng, 256);
      break;
    case 2:
      overwrite(rng, bytes, size);
      break;
    case 3:
      size = move_part(rng, bytes, size);
      break;
    case 4:
      size = insert(rng, bytes, size);
      break;
    case 5:
      if (dt_rng_below(rng, 3) == 0)
        size = place(rng, size);
      break;
    default:
      for (uint32_t i = dt_rng_below(rng, 6); i > 0; --i)
        bytes[place(rng, size)] = (unsigned char)dt_rng_below(rng, 256);
    }
  }
  return size;
}

static bool is_one_line(const char* sentence) {
  return sentence[0] != '\0' && strpbrk(sentence, "\r\n") == NULL;
}

/* False when the answer is neither a sound take nor a sentence. */
static bool load(base* from, const char* path, unsigned long number) {
  dt_take take;
  dt_error err = {.status = DT_OK, .sentence = ""};
  const dt_status status = dt_take_load(&take, NULL, path, NULL, &err);
  bool ok = true;
  if (status == DT_OK) {
    ++from->loaded;
    for (size_t i = 0; i < take.strokes.count; ++i)
      ok = ok && isfinite(take.strokes.items[i].time_s) &&
           take.strokes.items[i].time_s <= take.duration_s;
  } else {
    ++from->refused;
    ok = is_one_line(err.sentence) && err.status == status && take.strokes.items == NULL;
  }
  if (!ok)
    fprintf(stderr, "number %lu (%s), %s: status %d, \"%s\"\n", number, from->name, path, status,
            err.sentence);
  dt_take_clear(&take, NULL);
  return ok;
}

static double now_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argc, char** argv) {
  const unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : COUNT_DEFAULT;
  const unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 10) : SEED_DEFAULT;
  folder temp;
  folder_make(&temp);
  printf("%lu damaged files, seed %lu, in %s\n", count, seed, temp.path);
  fflush(stdout);
  make_bases(&temp);
  char path[600];
  snprintf(path, sizeof path, "%s", in_folder(&temp, "damaged"));
  static unsigned char bytes[2 * KEPT_MAX];
  double slowest_s = 0.0;
  for (unsigned long number = 0; number < count; ++number) {
    base* from = &bases[number % BASE_COUNT];
    if (from->bytes.size == 0)
      continue;
    dt_rng rng = dt_rng_seeded(seed, number);
    memcpy(bytes, from->bytes.bytes, from->bytes.size);
    file_put(path, bytes, damage(&rng, bytes, from->bytes.size));
    const double begin_s = now_s();
    if (!load(from, path, number))
      return EXIT_FAILURE;
    slowest_s = fmax(slowest_s, now_s() - begin_s);
  }
  for (size_t i = 0; i < BASE_COUNT; ++i) {
    printf("%-10s %6zu refused with a sentence, %6zu still readable\n", bases[i].name,
           bases[i].refused, bases[i].loaded);
    dt_buffer_clear(&bases[i].bytes);
  }
  printf("slowest %.3f s\n", slowest_s);
  folder_remove(&temp);
  return EXIT_SUCCESS;
}
