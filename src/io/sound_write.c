#include <math.h>
#include <string.h>
#include <strings.h>

#include "io_internal.h"

#define BLOCK_FRAMES 4096

typedef struct sound_writer {
  SF_INFO about;
  dt_frame frame_count;
  dt_fill_fn fill;
  void* ctx;
  dt_error* err;
} sound_writer;

static bool ends_with(const char* path, const char* ending) {
  const size_t length = strlen(path);
  const size_t ending_length = strlen(ending);
  return length > ending_length && strcasecmp(path + length - ending_length, ending) == 0;
}

/* RF64 becomes a plain WAV at the end where 4 GiB were enough. */
static int format_for(const char* path) {
  if (ends_with(path, ".flac"))
    return SF_FORMAT_FLAC | SF_FORMAT_PCM_24;
  if (ends_with(path, ".wav") || strcmp(path, "-") == 0 || dt__is_spooled(path))
    return SF_FORMAT_RF64 | SF_FORMAT_PCM_24;
  return 0;
}

static dt_status failed(const sound_writer* out, const char* why) {
  return dt_fail(out->err, DT_IO, "Writing the sound failed (%.*s)", (int)strcspn(why, ".\r\n"),
                 why);
}

static dt_status write_blocks(const sound_writer* out, SNDFILE* file) {
  float block[BLOCK_FRAMES];
  for (dt_frame at = 0; at < out->frame_count;) {
    const dt_frame left = out->frame_count - at;
    const size_t count = left < BLOCK_FRAMES ? (size_t)left : BLOCK_FRAMES;
    memset(block, 0, sizeof block);
    if (!out->fill(out->ctx, block, count, at))
      return dt_fail(out->err, DT_CANCELLED, "%s", dt_status_sentence(DT_CANCELLED));
    for (size_t i = 0; i < count; ++i)
      if (!isfinite(block[i]))
        block[i] = 0.0F;
    if (sf_writef_float(file, block, (sf_count_t)count) != (sf_count_t)count)
      return failed(out, sf_strerror(file));
    at += (dt_frame)count;
  }
  return DT_OK;
}

/* Closes file. */
static dt_status write_sound(const sound_writer* out, SNDFILE* file) {
  if (file == NULL)
    return failed(out, sf_strerror(NULL));
  sf_command(file, SFC_RF64_AUTO_DOWNGRADE, NULL, SF_TRUE);
  sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  const dt_status status = write_blocks(out, file);
  const int error = sf_close(file);
  return status == DT_OK && error != 0 ? failed(out, sf_error_number(error)) : status;
}

/* A pipe cannot go back to complete the header: the sound is made in memory first. */
static dt_status write_through_memory(sound_writer* out, FILE* to) {
  dt_buffer buffer = {.bytes = NULL};
  dt__memory memory = {.buffer = &buffer};
  SF_VIRTUAL_IO io = dt__memory_io();
  dt_status status = write_sound(out, sf_open_virtual(&io, SFM_WRITE, &out->about, &memory));
  if (status == DT_OK && dt_sink_write(dt_file_sink(to), buffer.bytes, buffer.size) != DT_OK)
    status = failed(out, "the pipe is closed");
  dt_buffer_clear(&buffer);
  return status;
}

dt_status dt_sound_write(const char* path, int rate_hz, dt_frame frame_count, dt_fill_fn fill,
                         void* ctx, dt_error* err) {
  sound_writer out = {
      .about = {.samplerate = rate_hz, .channels = 1, .format = format_for(path)},
      .frame_count = frame_count,
      .fill = fill,
      .ctx = ctx,
      .err = err,
  };
  if (out.about.format == 0)
    return dt_fail(err, DT_UNSUPPORTED,
                   "Sound is written as .wav or .flac: end the name with one of them");
  if (frame_count < 0 || rate_hz < 1 || !sf_format_check(&out.about))
    return dt_fail(err, DT_BAD_ARGUMENT,
                   "%lld frames of sound at %d Hz cannot be written in this format",
                   (long long)frame_count, rate_hz);
  dt_outfile file;
  dt_status status = dt_outfile_open(&file, path, err);
  if (status != DT_OK)
    return status;
  if (file.part_path == NULL)
    status = write_through_memory(&out, file.file);
  else
    status = write_sound(&out, sf_open_fd(fileno(file.file), SFM_WRITE, &out.about, SF_FALSE));
  if (status == DT_OK)
    return dt_outfile_commit(&file, err);
  dt_outfile_abandon(&file);
  return status;
}
