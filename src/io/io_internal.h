#ifndef DT_IO_INTERNAL_H
#define DT_IO_INTERNAL_H

#include <sndfile.h>

#include "dt/codec.h"
#include "dt/file.h"

/* What standard input or a pipe may carry: it has to be kept in memory. */
#define DT__SPOOL_MAX ((size_t)1 << 30)

/* Is this read in one go and kept: standard input, a pipe, a device? False for what is not there,
 * so that opening it tells why. */
bool dt__is_spooled(const char* path);

/* Sound from memory for libsndfile. */
typedef struct dt__memory {
  const unsigned char* bytes; /* when reading */
  dt_buffer* buffer;          /* when writing */
  size_t size;
  size_t position;
} dt__memory;

SF_VIRTUAL_IO dt__memory_io(void);

/* dt_sound_open, with the words for what was expected where this is no sound at all. */
dt_sound* dt__sound_open(const char* path, const char* expected, dt_sound_info* info,
                         dt_error* err) DT_NODISCARD;
dt_sound* dt__sound_open_memory(const void* bytes, size_t size, const char* expected,
                                dt_sound_info* info, dt_error* err) DT_NODISCARD;

/* Mono sound at a rate that suits the ear: the file's own within 22.05..96 kHz, else that doubled
 * or halved until it fits. Frame n stands at n / rate_hz seconds of the file: no delay is added. */
typedef struct dt__resampler dt__resampler;

dt__resampler* dt__resampler_new(dt_sound* sound, int rate_hz, int* new_rate_hz) DT_NODISCARD;
void dt__resampler_free(dt__resampler* resampler);

/* As dt_sound_read. */
ptrdiff_t dt__resampler_read(dt__resampler* resampler, float* mono, size_t frame_count,
                             dt_error* err);

/* dt_take_from_sound, from an open sound. */
dt_status dt__take_from_open_sound(dt_take* take, const dt_allocator* allocator, dt_sound* sound,
                                   const dt_sound_info* info, dt_progress_fn progress,
                                   void* progress_ctx, dt_error* err);

#endif
