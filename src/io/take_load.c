#include <string.h>

#include "dt/kitmap.h"
#include "dt/strokes_csv.h"
#include "io_internal.h"

#define TEXT_MAX   ((size_t)64 << 20) /* a MIDI file or a list of strokes */
#define KITMAP_MAX ((size_t)1 << 20)
#define HEAD_BYTES 16
#define TAKE_EXPECTED                                                                              \
  "This is no sound (WAV, AIFF, FLAC, Ogg, Opus, MP3), no MIDI file and no list of strokes (its "  \
  "first line begins time_s,drum,velocity)"

typedef enum kind { MIDI, STROKES, SOUND } kind;

static kind kind_of(const void* head, size_t size) {
  if (size >= 4 && memcmp(head, "MThd", 4) == 0)
    return MIDI;
  return dt_strokes_csv_is(head, size) ? STROKES : SOUND;
}

/* The kit that was named, or else the guess, with the user's lines. */
static dt_status choose_map(dt_kitmap* map, const dt_allocator* allocator, const dt_smf* smf,
                            const dt_take_options* options, dt_error* err) {
  *map = options->kit != NULL ? *dt_kitmap_named(options->kit) : *dt_kitmap_guess(smf);
  if (options->kitmap_path == NULL)
    return DT_OK;
  dt_buffer text = {.allocator = allocator};
  dt_status status = dt_file_read(&text, options->kitmap_path, KITMAP_MAX, err);
  if (status == DT_OK)
    status = dt_kitmap_extend(map, (const char*)text.bytes, text.size, err);
  if (status != DT_OK) {
    const dt_error why = *err;
    dt_fail(err, status, "In the kit map: %s", why.sentence);
  }
  dt_buffer_clear(&text);
  return status;
}

static dt_status load_midi(dt_take* take, const dt_allocator* allocator, const dt_buffer* bytes,
                           const dt_take_options* options, dt_error* err) {
  dt_smf smf;
  dt_status status = dt_smf_parse(&smf, allocator, bytes->bytes, bytes->size, err);
  if (status != DT_OK)
    return status;
  dt_kitmap map;
  status = choose_map(&map, allocator, &smf, options, err);
  if (status == DT_OK) {
    status = dt_take_from_smf(take, allocator, &smf, &map);
    if (status != DT_OK)
      dt_fail(err, status, "%s", dt_status_sentence(status));
  }
  dt_smf_clear(&smf, allocator);
  return status;
}

/* Closes the sound; NULL is one that could not be opened, and err says why. */
static dt_status hear(dt_take* take, const dt_allocator* allocator, dt_sound* sound,
                      const dt_sound_info* info, const dt_take_options* options, dt_error* err) {
  if (sound == NULL)
    return err->status;
  if (options->sound != NULL)
    *options->sound = *info;
  const dt_status status = dt__take_from_open_sound(take, allocator, sound, info, options->progress,
                                                    options->progress_ctx, err);
  dt_sound_close(sound);
  return status;
}

static dt_status load_bytes(dt_take* take, const dt_allocator* allocator, const dt_buffer* bytes,
                            const dt_take_options* options, dt_error* err) {
  const kind what = kind_of(bytes->bytes, bytes->size);
  if (what == MIDI)
    return load_midi(take, allocator, bytes, options, err);
  if (what == STROKES)
    return dt_take_from_csv(take, allocator, bytes->bytes, bytes->size, err);
  dt_sound_info info;
  dt_sound* sound = dt__sound_open_memory(bytes->bytes, bytes->size, TAKE_EXPECTED, &info, err);
  return hear(take, allocator, sound, &info, options, err);
}

/* A sound file is read in a stream, whatever its length. */
static dt_status load_sound_file(dt_take* take, const dt_allocator* allocator, const char* path,
                                 const dt_take_options* options, dt_error* err) {
  dt_sound_info info;
  dt_sound* sound = dt__sound_open(path, TAKE_EXPECTED, &info, err);
  return hear(take, allocator, sound, &info, options, err);
}

/* The kind by the first bytes; what cannot be opened is left to the sound reader to explain. */
static kind kind_of_file(const char* path) {
  unsigned char head[HEAD_BYTES];
  FILE* file = fopen(path, "rb");
  if (file == NULL)
    return SOUND;
  const size_t size = fread(head, 1, sizeof head, file);
  fclose(file);
  return kind_of(head, size);
}

static dt_status load(dt_take* take, const dt_allocator* allocator, const char* path,
                      const dt_take_options* options, dt_error* err) {
  if (options->kit != NULL && dt_kitmap_named(options->kit) == NULL)
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "There is no kit called \"%.40s\": use gm, roland, alesis or yamaha",
                   options->kit);
  const bool is_spooled = dt__is_spooled(path);
  if (!is_spooled && kind_of_file(path) == SOUND)
    return load_sound_file(take, allocator, path, options, err);
  dt_buffer bytes = {.allocator = allocator};
  dt_status status = dt_file_read(&bytes, path, is_spooled ? DT__SPOOL_MAX : TEXT_MAX, err);
  if (status == DT_OK)
    status = load_bytes(take, allocator, &bytes, options, err);
  dt_buffer_clear(&bytes);
  return status;
}

dt_status dt_take_load(dt_take* take, const dt_allocator* allocator, const char* path,
                       const dt_take_options* options, dt_error* err) {
  static const dt_take_options defaults = {.kit = NULL};
  dt_error own = {.status = DT_OK};
  *take = (dt_take){.source = DT_TAKE_MIDI};
  if (options != NULL && options->sound != NULL)
    *options->sound = (dt_sound_info){.frame_count = -1};
  return load(take, allocator, path, options != NULL ? options : &defaults,
              err != NULL ? err : &own);
}
