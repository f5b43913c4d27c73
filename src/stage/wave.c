#include "wave.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC       "DTwave1"
#define BLOCK       4096
#define TICK_BLOCKS 64

typedef struct writer {
  FILE* file;
  dt_sound* sound;
  dt_sound_info info;
  int part_frames;
  dt__wave_part* coarse; /* grows */
  size_t coarse_count;
  size_t coarse_room;
  int64_t fine_count;
  float low; /* of the fine part being read */
  float high;
  int in_part;
  dt_frame frames;
} writer;

static int16_t sample_of(float value) {
  const double scaled = (double)value * 32767;
  return (int16_t)lrint(fmin(fmax(scaled, -32767), 32767));
}

static void widen(dt__wave_part* part, dt__wave_part by) {
  part->low = by.low < part->low ? by.low : part->low;
  part->high = by.high > part->high ? by.high : part->high;
}

static bool add_coarse(writer* w, dt__wave_part part) {
  if (w->fine_count % DT__WAVE_STEP != 0) {
    widen(&w->coarse[w->coarse_count - 1], part);
    return true;
  }
  if (w->coarse_count == w->coarse_room) {
    const size_t room = w->coarse_room > 0 ? 2 * w->coarse_room : 1024;
    dt__wave_part* more = realloc(w->coarse, room * sizeof *more);
    if (!more)
      return false;
    w->coarse = more;
    w->coarse_room = room;
  }
  w->coarse[w->coarse_count++] = part;
  return true;
}

static dt_status end_part(writer* w) {
  const dt__wave_part part = {sample_of(w->low), sample_of(w->high)};
  w->in_part = 0;
  if (fwrite(&part, sizeof part, 1, w->file) != 1)
    return DT_IO;
  if (!add_coarse(w, part))
    return DT_NO_MEMORY;
  w->fine_count++;
  return DT_OK;
}

static dt_status take_block(writer* w, const float* block, size_t count) {
  dt_status status = DT_OK;
  for (size_t i = 0; i < count && status == DT_OK; i++) {
    w->low = w->in_part == 0 || block[i] < w->low ? block[i] : w->low;
    w->high = w->in_part == 0 || block[i] > w->high ? block[i] : w->high;
    if (++w->in_part == w->part_frames)
      status = end_part(w);
  }
  w->frames += (dt_frame)count;
  return status;
}

static dt_status read_all(writer* w, dt_progress_fn progress, void* progress_ctx, dt_error* err) {
  float block[BLOCK];
  for (unsigned count = 0;; count++) {
    const dt_frame all = w->info.frame_count;
    const double done = all > 0 ? fmin((double)w->frames / (double)all, 1) : (double)NAN;
    if (progress && count % TICK_BLOCKS == 0 && !progress(progress_ctx, done))
      return dt_fail(err, DT_CANCELLED, "%s", dt_status_sentence(DT_CANCELLED));
    const ptrdiff_t got = dt_sound_read(w->sound, block, BLOCK, err);
    if (got < 0)
      return DT_BAD_DATA;
    if (got == 0)
      break;
    const dt_status status = take_block(w, block, (size_t)got);
    if (status != DT_OK)
      return dt_fail(err, status, "The envelope of the sound cannot be kept: %s",
                     dt_status_sentence(status));
  }
  const dt_status status = w->in_part > 0 ? end_part(w) : DT_OK;
  return status == DT_OK ? DT_OK : dt_fail(err, status, "%s", dt_status_sentence(status));
}

static dt_status finish(writer* w, dt__wave_head* head, dt_error* err) {
  *head = (dt__wave_head){
      .magic = MAGIC,
      .part_s = (double)w->part_frames / w->info.rate_hz,
      .length_s = (double)w->frames / w->info.rate_hz,
      .fine_count = w->fine_count,
      .coarse_count = (int64_t)w->coarse_count,
  };
  const bool wrote =
      (w->coarse_count == 0 ||
       fwrite(w->coarse, sizeof *w->coarse, w->coarse_count, w->file) == w->coarse_count) &&
      fseek(w->file, 0, SEEK_SET) == 0 && fwrite(head, sizeof *head, 1, w->file) == 1;
  return wrote ? DT_OK : dt_fail(err, DT_IO, "The envelope of the sound cannot be written");
}

dt_status dt__wave_write(FILE* file, const char* sound, dt__wave_head* made,
                         dt_progress_fn progress, void* progress_ctx, dt_error* err) {
  static const dt__wave_head empty;
  writer w = {.file = file};
  w.sound = dt_sound_open(sound, &w.info, err);
  if (!w.sound)
    return err->status;
  w.part_frames = (w.info.rate_hz + 500) / 1000;
  dt_status status = fwrite(&empty, sizeof empty, 1, file) == 1
                         ? DT_OK
                         : dt_fail(err, DT_IO, "The envelope of the sound cannot be written");
  if (status == DT_OK)
    status = read_all(&w, progress, progress_ctx, err);
  if (status == DT_OK)
    status = finish(&w, made, err);
  dt_sound_close(w.sound);
  free(w.coarse);
  return status;
}

/* ---- reading ---- */

bool dt__wave_open(FILE* file, dt__wave_head* head) {
  if (fseek(file, 0, SEEK_END) != 0)
    return false;
  const long size = ftell(file);
  if (fseek(file, 0, SEEK_SET) != 0 || fread(head, sizeof *head, 1, file) != 1)
    return false;
  const int64_t most = (int64_t)size / (int64_t)sizeof(dt__wave_part);
  return memcmp(head->magic, MAGIC, sizeof head->magic) == 0 && head->part_s > 0 &&
         head->length_s >= 0 && head->fine_count >= 0 && head->fine_count <= most &&
         head->coarse_count >= 0 && head->coarse_count <= most &&
         (int64_t)sizeof *head +
                 (head->fine_count + head->coarse_count) * (int64_t)sizeof(dt__wave_part) ==
             (int64_t)size;
}

/* A run of parts read in pieces. */
typedef struct window {
  FILE* file;
  long offset; /* of part 0 */
  int64_t count;
  int64_t from; /* what is in parts */
  int64_t held;
  dt__wave_part parts[2048];
} window;

static bool part_at(window* w, int64_t index, dt__wave_part* part) {
  const int64_t room = (int64_t)(sizeof w->parts / sizeof w->parts[0]);
  if (index < w->from || index >= w->from + w->held) {
    const int64_t left = w->count - index;
    const int64_t want = left < room ? left : room;
    const long at = w->offset + (long)(index * (int64_t)sizeof *part);
    if (fseek(w->file, at, SEEK_SET) != 0 ||
        fread(w->parts, sizeof *part, (size_t)want, w->file) != (size_t)want)
      return false;
    w->from = index;
    w->held = want;
  }
  *part = w->parts[index - w->from];
  return true;
}

bool dt__wave_read(FILE* file, const dt__wave_head* head, double from_s, double to_s, int points,
                   float* low, float* high) {
  const double span_s = (to_s - from_s) / points;
  const bool is_fine = span_s < head->part_s * DT__WAVE_STEP;
  const double part_s = is_fine ? head->part_s : head->part_s * DT__WAVE_STEP;
  window w = {.file = file,
              .offset = (long)sizeof *head,
              .count = is_fine ? head->fine_count : head->coarse_count};
  if (!is_fine)
    w.offset += (long)(head->fine_count * (int64_t)sizeof(dt__wave_part));
  for (int i = 0; i < points; i++) {
    int64_t first = (int64_t)floor((from_s + span_s * i) / part_s + 1e-9);
    int64_t end = (int64_t)ceil((from_s + span_s * (i + 1)) / part_s - 1e-9);
    end = end > first ? end : first + 1;
    end = end < w.count ? end : w.count;
    dt__wave_part sum = {0, 0};
    for (int64_t k = first; k < end; k++) {
      dt__wave_part part;
      if (!part_at(&w, k, &part))
        return false;
      if (k == first)
        sum = part;
      else
        widen(&sum, part);
    }
    low[i] = (float)sum.low / 32767.0F;
    high[i] = (float)sum.high / 32767.0F;
  }
  return true;
}
