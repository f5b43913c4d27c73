#ifndef DT_CODEC_H
#define DT_CODEC_H

#include <stdbool.h>

#include "dt/error.h"
#include "dt/take.h"

/*
 * Sound files, read in a stream (libsndfile: WAV, AIFF, FLAC, Ogg, Opus, MP3), any rate, any
 * number of channels, mixed to mono.
 */
typedef struct dt_sound dt_sound;

typedef struct dt_sound_info {
  int rate_hz;
  int channels;
  dt_frame frame_count; /* -1 where the file does not say */
  char format[64];      /* "WAV, 16 bit" */
} dt_sound_info;

/* Errors with a sentence: DT_NOT_FOUND, DT_BAD_DATA (not a sound file, or damaged),
 * DT_UNSUPPORTED, DT_NO_MEMORY. On failure returns NULL. */
dt_sound* dt_sound_open(const char* path, dt_sound_info* info, dt_error* err) DT_NODISCARD;

/* Up to frame_count mono frames; returns how many, 0 at the end, -1 on a read error (err set). */
ptrdiff_t dt_sound_read(dt_sound* sound, float* mono, size_t frame_count, dt_error* err);
void dt_sound_close(dt_sound* sound);

/* Called now and then during long work with 0..1 done (NAN where not known); false stops it. */
typedef bool (*dt_progress_fn)(void* ctx, double done);

/* Hears a whole sound file into a take, in constant memory but for the strokes. Files outside
 * 22.05..96 kHz are resampled (libsamplerate). Errors as dt_sound_open, and DT_CANCELLED. */
dt_status dt_take_from_sound(dt_take* take, const dt_allocator* allocator, const char* path,
                             dt_progress_fn progress, void* progress_ctx,
                             dt_error* err) DT_NODISCARD;

/* Any TAKE a person names: a Standard MIDI File (by its first bytes "MThd") or a sound file.
 * kitmap_text (may be NULL) is a user's map in the form of dt_kitmap_extend; kit (may be NULL) the
 * name of a built-in map. */
typedef struct dt_take_options {
  const char* kit;
  const char* kitmap_path;
  dt_progress_fn progress;
  void* progress_ctx;
} dt_take_options;
dt_status dt_take_load(dt_take* take, const dt_allocator* allocator, const char* path,
                       const dt_take_options* options, dt_error* err) DT_NODISCARD;

/* Writes mono samples as 24-bit WAV or FLAC (by the ending of path) through a callback that fills
 * each block: fill(ctx, samples, frame_count, position). */
typedef void (*dt_fill_fn)(void* ctx, float* samples, size_t frame_count, dt_frame position);
dt_status dt_sound_write(const char* path, int rate_hz, dt_frame frame_count, dt_fill_fn fill,
                         void* ctx, dt_error* err) DT_NODISCARD;

#endif
