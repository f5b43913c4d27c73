#include "kept_sound.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dt/home.h"
#include "wave.h"

typedef struct kind {
  const char* ending;
  const char* type;
} kind;

static const kind kinds[] = {
    {"wav", "audio/wav"},  {"flac", "audio/flac"}, {"ogg", "audio/ogg"},
    {"mp3", "audio/mpeg"}, {"aiff", "audio/aiff"},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static bool has(const unsigned char* head, size_t size, size_t at, const char* text) {
  return size >= at + 4 && memcmp(head + at, text, 4) == 0;
}

const char* dt__sound_ending(const void* head, size_t size) {
  const unsigned char* bytes = head;
  if ((has(bytes, size, 0, "RIFF") || has(bytes, size, 0, "RF64")) && has(bytes, size, 8, "WAVE"))
    return "wav";
  if (has(bytes, size, 0, "FORM") && (has(bytes, size, 8, "AIFF") || has(bytes, size, 8, "AIFC")))
    return "aiff";
  if (has(bytes, size, 0, "fLaC"))
    return "flac";
  if (has(bytes, size, 0, "OggS"))
    return "ogg";
  if (size >= 3 && (memcmp(bytes, "ID3", 3) == 0 || (bytes[0] == 0xFF && bytes[1] >= 0xE0)))
    return "mp3";
  return NULL;
}

static bool path_of(const char* db, int64_t number, const char* ending, char* path, size_t size) {
  char name[64];
  snprintf(name, sizeof name, "sounds/%" PRId64 ".%s", number, ending);
  return dt_home_beside(path, size, db, name);
}

bool dt__kept_sound(const char* db, int64_t number, char* path, size_t size, const char** type) {
  for (int i = 0; i < KINDS; i++)
    if (path_of(db, number, kinds[i].ending, path, size) && access(path, R_OK) == 0) {
      *type = kinds[i].type;
      return true;
    }
  return false;
}

/* ---- keeping ---- */

static const char* ending_of(const char* path) {
  unsigned char head[16];
  FILE* file = fopen(path, "rb");
  if (!file)
    return NULL;
  const size_t size = fread(head, 1, sizeof head, file);
  fclose(file);
  return dt__sound_ending(head, size);
}

static dt_status write_wave(const char* path, const char* sound, dt__wave_head* head,
                            dt_progress_fn progress, void* progress_ctx, dt_error* err) {
  FILE* file = fopen(path, "wb");
  if (!file)
    return dt_fail(err, DT_IO, "The envelope of the sound cannot be written: %s", strerror(errno));
  dt_status status = dt__wave_write(file, sound, head, progress, progress_ctx, err);
  if (fclose(file) != 0 && status == DT_OK)
    status =
        dt_fail(err, DT_IO, "The envelope of the sound cannot be written: %s", strerror(errno));
  return status;
}

typedef struct copying {
  dt_sound* sound;
  dt_frame frame_count;
  dt_progress_fn progress;
  void* progress_ctx;
  dt_error* err;
} copying;

/* What is missing at the end is silence. */
static bool fill(void* context, float* samples, size_t frame_count, dt_frame position) {
  const copying* c = context;
  size_t have = 0;
  while (have < frame_count) {
    const ptrdiff_t got = dt_sound_read(c->sound, samples + have, frame_count - have, c->err);
    if (got < 0)
      return false;
    if (got == 0)
      break;
    have += (size_t)got;
  }
  memset(samples + have, 0, (frame_count - have) * sizeof *samples);
  return !c->progress ||
         c->progress(c->progress_ctx, (double)position / ((double)c->frame_count + 1));
}

static dt_status write_flac(const char* path, const char* from, const dt__wave_head* head,
                            dt_progress_fn progress, void* progress_ctx, dt_error* err) {
  dt_sound_info info;
  copying c = {.progress = progress, .progress_ctx = progress_ctx, .err = err};
  c.sound = dt_sound_open(from, &info, err);
  if (!c.sound)
    return err->status;
  c.frame_count = (dt_frame)llround(head->length_s * info.rate_hz);
  const dt_status status = dt_sound_write(path, info.rate_hz, c.frame_count, fill, &c, err);
  dt_sound_close(c.sound);
  return status;
}

dt_status dt__prepare_sound(const char* from, const char* wave, const char* flac, bool* is_flac,
                            dt_progress_fn progress, void* progress_ctx, dt_error* err) {
  dt__wave_head head = {0};
  const char* ending = ending_of(from);
  *is_flac = !ending || strcmp(ending, "mp3") == 0 || strcmp(ending, "aiff") == 0;
  dt_status status = write_wave(wave, from, &head, progress, progress_ctx, err);
  if (status == DT_OK && *is_flac)
    status = write_flac(flac, from, &head, progress, progress_ctx, err);
  if (status != DT_OK) {
    unlink(wave);
    unlink(flac);
  }
  return status;
}

dt_status dt__keep_sound(const char* db, int64_t number, const char* sound, const char* wave,
                         dt_error* err) {
  char sound_path[DT_HOME_PATH];
  char wave_path[DT_HOME_PATH];
  const char* ending = ending_of(sound);
  if (!ending)
    return dt_fail(err, DT_UNSUPPORTED, "Sounds of this kind are not kept");
  if (!path_of(db, number, ending, sound_path, sizeof sound_path) ||
      !path_of(db, number, "wave", wave_path, sizeof wave_path))
    return dt_fail(err, DT_NOT_FOUND, "There is no home folder for sounds (HOME is not set)");
  if (!dt_home_make_folders(sound_path))
    return dt_fail(err, DT_IO, "The folder of sounds cannot be made: %s", strerror(errno));
  if (rename(wave, wave_path) != 0)
    return dt_fail(err, DT_IO, "The sound cannot be kept: %s", strerror(errno));
  if (rename(sound, sound_path) == 0)
    return DT_OK;
  const int why = errno;
  (void)rename(wave_path, wave);
  return dt_fail(err, DT_IO, "The sound cannot be kept: %s", strerror(why));
}

/* ---- the envelope as JSON ---- */

static dt_status put_list(dt_sink sink, const char* name, const float* values, int count) {
  dt_status status = dt_sink_printf(sink, ",\"%s\":[", name);
  for (int i = 0; i < count && status == DT_OK; i++)
    status = dt_sink_printf(sink, i > 0 ? ",%.4f" : "%.4f", (double)values[i] + 0.0);
  return status == DT_OK ? dt_sink_printf(sink, "]") : status;
}

static dt_status put_wave(FILE* file, const dt__wave_head* head, dt__wave_range range,
                          dt_buffer* json, dt_error* err) {
  const double to_s = isnan(range.to_s) ? head->length_s : fmin(range.to_s, head->length_s);
  const double from_s = fmin(fmax(range.from_s, 0), to_s);
  /* No more points than there are milliseconds. */
  const double parts = ceil((to_s - from_s) / head->part_s);
  const int points = parts < range.points ? (int)parts : range.points;
  float* low = malloc(((size_t)points + 1) * sizeof *low);
  float* high = malloc(((size_t)points + 1) * sizeof *high);
  dt_status status = low && high ? DT_OK : DT_NO_MEMORY;
  if (status == DT_OK && points > 0 && !dt__wave_read(file, head, from_s, to_s, points, low, high))
    status = DT_BAD_DATA;
  const dt_sink sink = dt_buffer_sink(json);
  if (status == DT_OK)
    status = dt_sink_printf(sink, "{\"from_s\":%.6f,\"to_s\":%.6f,\"length_s\":%.6f", from_s, to_s,
                            head->length_s);
  if (status == DT_OK)
    status = put_list(sink, "low", low, points);
  if (status == DT_OK)
    status = put_list(sink, "high", high, points);
  if (status == DT_OK)
    status = dt_sink_printf(sink, "}\n");
  free(low);
  free(high);
  return status == DT_OK ? DT_OK : dt_fail(err, status, "%s", dt_status_sentence(status));
}

dt_status dt__kept_wave(const char* db, int64_t number, dt__wave_range range, dt_buffer* json,
                        dt_error* err) {
  char path[DT_HOME_PATH];
  dt__wave_head head;
  FILE* file = path_of(db, number, "wave", path, sizeof path) ? fopen(path, "rb") : NULL;
  if (!file)
    return dt_fail(err, DT_NOT_FOUND, "No sound of take %" PRId64 " is kept", number);
  const dt_status status =
      dt__wave_open(file, &head)
          ? put_wave(file, &head, range, json, err)
          : dt_fail(err, DT_BAD_DATA, "The envelope of take %" PRId64 " is damaged", number);
  fclose(file);
  return status;
}
