#ifndef DT_CODEC_H
#define DT_CODEC_H

#include <stdbool.h>

#include "dt/error.h"
#include "dt/take.h"

/*
 * Sound files, read in a stream (libsndfile: WAV, AIFF, FLAC, Ogg, Opus, MP3), any rate, any
 * number of channels, mixed to mono. Each sound belongs to one thread at a time; several threads
 * may each open and hear their own.
 */
typedef struct dt_sound dt_sound;

typedef struct dt_sound_info {
  int rate_hz;
  int channels;
  dt_frame frame_count; /* -1 where the file does not say */
  char format[64];      /* "WAV, 16 bit" */
} dt_sound_info;

/* Errors with a sentence: DT_NOT_FOUND, DT_IO (a folder, no permission), DT_BAD_DATA (not a sound
 * file, empty, cut or damaged), DT_UNSUPPORTED (a rate outside 4..768 kHz), DT_NO_MEMORY. On
 * failure returns NULL. Sentences do not name the file: whoever asked for it does.
 *
 * "-", pipes and devices are read to their end first and kept in memory (1 GiB at most, else
 * DT_TOO_LARGE). A file whose header promises more sound than there is, is refused as cut; the
 * sizes that recorders write for "until the end" are not a promise. */
dt_sound* dt_sound_open(const char* path, dt_sound_info* info, dt_error* err) DT_NODISCARD;

/* The same from size bytes in memory, which must outlive the sound. */
dt_sound* dt_sound_open_memory(const void* bytes, size_t size, dt_sound_info* info,
                               dt_error* err) DT_NODISCARD;

/* Up to frame_count mono frames, the average of the channels; returns how many, 0 at the end, -1 on
 * a read error, such as a file that ends before its time (err set). Samples are finite: NaN and
 * infinity count as 0, what is beyond +-1e6 as that. The frames are the decoder's own: an MP3
 * without an encoder's tag that says its delay begins 1105 frames late (measured: 23.03 ms at 48
 * kHz); with the tag, as in Vorbis and Opus, the decoder removes the delay (measured: within 0.01
 * ms). */
ptrdiff_t dt_sound_read(dt_sound* sound, float* mono, size_t frame_count, dt_error* err);

/* NULL is allowed. */
void dt_sound_close(dt_sound* sound);

/* Called now and then during long work with 0..1 done (NAN where not known); false stops it. */
typedef bool (*dt_progress_fn)(void* ctx, double done);

/* Hears a whole sound file into a take, in constant memory but for the strokes. Files outside
 * 22.05..96 kHz are resampled (libsamplerate, by a power of two where that fits); times stay those
 * of the file. Errors as dt_sound_open, and DT_CANCELLED. On failure *take is empty. */
dt_status dt_take_from_sound(dt_take* take, const dt_allocator* allocator, const char* path,
                             dt_progress_fn progress, void* progress_ctx,
                             dt_error* err) DT_NODISCARD;

/* Any TAKE a person names, told by its first bytes: a Standard MIDI File ("MThd"), a list of
 * strokes ("time_s", see dt/strokes_csv.h) or a sound file. "-" is standard input. kit (may be
 * NULL) is the name of a built-in map, kitmap_path (may be NULL) the file of a user's map in the
 * form of dt_kitmap_extend; both concern MIDI files only. Options may be NULL. Errors as those of
 * the readers, and DT_BAD_ARGUMENT for an unknown kit. On failure *take is empty. */
typedef struct dt_take_options {
  const char* kit;
  const char* kitmap_path;
  dt_progress_fn progress;
  void* progress_ctx;
  dt_sound_info* sound; /* NULL, or filled before progress is called: what was opened; rate_hz 0
                           when the take is no sound */
} dt_take_options;
dt_status dt_take_load(dt_take* take, const dt_allocator* allocator, const char* path,
                       const dt_take_options* options, dt_error* err) DT_NODISCARD;

/* Writes mono samples as 24-bit WAV (RF64 from 4 GiB on) or FLAC, by the ending of path, through a
 * callback that fills each block of at most 4096: fill(ctx, samples, frame_count, position); false
 * stops. The file is whole or not there (PATH.part, then renamed). "-" is standard output, as WAV,
 * made in memory first. Samples beyond +-1 are clipped, NaN and infinity written as 0. Errors with
 * a sentence: DT_UNSUPPORTED (another ending), DT_BAD_ARGUMENT, DT_NOT_FOUND (no such folder),
 * DT_IO, DT_NO_MEMORY, DT_CANCELLED (the callback stopped; nothing is left). */
typedef bool (*dt_fill_fn)(void* ctx, float* samples, size_t frame_count, dt_frame position);
dt_status dt_sound_write(const char* path, int rate_hz, dt_frame frame_count, dt_fill_fn fill,
                         void* ctx, dt_error* err) DT_NODISCARD;

#endif
