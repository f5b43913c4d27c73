#include <errno.h>
#include <string.h>
#include <strings.h>

#include "files_internal.h"

const dt_allocator* dt__files_allocator(const dt__files* files) {
  return files->has_allocator ? &files->allocator : NULL;
}

static bool ends_with(const char* path, const char* ending) {
  const size_t length = strlen(path);
  const size_t ending_length = strlen(ending);
  return length > ending_length && strcasecmp(path + length - ending_length, ending) == 0;
}

/* libsndfile's words without what follows the first sentence. */
static dt_status sound_fails(dt_error* err, dt_status status, const char* path, const char* why) {
  return dt_fail(err, status, "%.120s: %.*s", path, (int)strcspn(why, ".\r\n"), why);
}

static dt_status open_sound_in(dt__files* files, const char* path, int* rate_hz, int* in_channels,
                               dt_error* err) {
  SF_INFO about = {.format = 0};
  files->sound_in = sf_open(path, SFM_READ, &about);
  if (files->sound_in == NULL)
    return sound_fails(err, sf_error(NULL) == SF_ERR_SYSTEM ? DT_NOT_FOUND : DT_BAD_DATA, path,
                       sf_strerror(NULL));
  if (about.channels > DT_PORT_CHANNELS_MAX)
    return dt_fail(err, DT_UNSUPPORTED, "%.120s: More than %d channels", path,
                   DT_PORT_CHANNELS_MAX);
  if (*rate_hz != 0 && *rate_hz != about.samplerate)
    return dt_fail(err, DT_UNSUPPORTED, "%.120s: The sound is at %d Hz, not at %d", path,
                   about.samplerate, *rate_hz);
  *rate_hz = about.samplerate;
  *in_channels = files->in_channels = about.channels;
  files->in_length_frames = about.frames;
  return DT_OK;
}

static dt_status open_sound_out(dt__files* files, const char* path, int rate_hz, dt_error* err) {
  SF_INFO about = {.samplerate = rate_hz, .channels = files->out_channels};
  if (ends_with(path, ".flac"))
    about.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_24;
  else if (ends_with(path, ".wav"))
    about.format = SF_FORMAT_RF64 | SF_FORMAT_PCM_24;
  if (about.format == 0 || !sf_format_check(&about))
    return dt_fail(err, DT_UNSUPPORTED,
                   "%.120s: Sound of %d channels at %d Hz is written as .wav, up to 8 channels "
                   "also as .flac",
                   path, files->out_channels, rate_hz);
  dt_error own = {.status = DT_OK};
  const dt_status status = dt_outfile_open(&files->sound_out_file, path, &own);
  if (status != DT_OK)
    return dt_fail(err, status, "%.100s: %.150s", path, own.sentence);
  files->sound_out = sf_open_fd(fileno(files->sound_out_file.file), SFM_WRITE, &about, SF_FALSE);
  if (files->sound_out == NULL) {
    dt_outfile_abandon(&files->sound_out_file);
    return sound_fails(err, DT_IO, path, sf_strerror(NULL));
  }
  sf_command(files->sound_out, SFC_RF64_AUTO_DOWNGRADE, NULL, SF_TRUE);
  sf_command(files->sound_out, SFC_SET_CLIPPING, NULL, SF_TRUE);
  return DT_OK;
}

static dt_status open_all(dt__files* files, const dt_port_config* config, int* rate_hz,
                          int* in_channels, dt_error* err) {
  const dt_allocator* allocator = dt__files_allocator(files);
  dt_status status = DT_OK;
  if (config->null.sound_in != NULL)
    status = open_sound_in(files, config->null.sound_in, rate_hz, in_channels, err);
  const int rate_now_hz = *rate_hz > 0 ? *rate_hz : 48000;
  if (status == DT_OK && config->null.midi_in != NULL)
    status = dt__score_open(&files->score, allocator, config->null.midi_in, rate_now_hz, err);
  const int widest =
      files->in_channels > files->out_channels ? files->in_channels : files->out_channels;
  files->interleaved_size = ((size_t)widest + 1) * (size_t)files->period_frames * sizeof(float);
  if (status == DT_OK)
    files->interleaved = dt_alloc(allocator, files->interleaved_size);
  if (status == DT_OK && files->interleaved == NULL)
    status = dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
  if (status == DT_OK && config->null.midi_out != NULL)
    status = dt__notes_open(&files->notes, allocator, config->null.midi_out, rate_now_hz, err);
  if (status == DT_OK && config->null.sound_out != NULL)
    status = open_sound_out(files, config->null.sound_out, rate_now_hz, err);
  return status;
}

dt__files* dt__files_open(const dt_port_config* config, const dt_allocator* allocator, int* rate_hz,
                          int* in_channels, dt_error* err) {
  dt__files* files = dt_alloc_zero(allocator, sizeof *files);
  if (files == NULL) {
    (void)dt_fail(err, DT_NO_MEMORY, "%s", dt_status_sentence(DT_NO_MEMORY));
    return NULL;
  }
  files->has_allocator = allocator != NULL;
  if (allocator != NULL)
    files->allocator = *allocator;
  files->out_channels = config->out_channels;
  files->period_frames = config->period_frames > 0 ? config->period_frames : 256;
  if (open_all(files, config, rate_hz, in_channels, err) == DT_OK)
    return files;
  dt__files_close(files);
  return NULL;
}

dt_frame dt__files_length(const dt__files* files) {
  const dt_frame score = dt__score_length(&files->score);
  return files->in_length_frames > score ? files->in_length_frames : score;
}

static void skip_to(dt__files* files, dt_frame at) {
  while (files->in_at < at) {
    const dt_frame left = at - files->in_at;
    const dt_frame part = left < files->period_frames ? left : files->period_frames;
    if (sf_readf_float(files->sound_in, files->interleaved, part) <= 0)
      break;
    files->in_at += part;
  }
  files->in_at = at;
}

void dt__files_read(dt__files* files, dt_frame at, int frame_count, float* const* in,
                    dt_port_midi_list* midi) {
  dt__score_read(&files->score, at, frame_count, midi);
  if (files->sound_in == NULL)
    return;
  skip_to(files, at);
  const sf_count_t got = sf_readf_float(files->sound_in, files->interleaved, frame_count);
  for (int c = 0; c < files->in_channels; ++c)
    for (sf_count_t i = 0; i < got; ++i)
      in[c][i] += files->interleaved[i * files->in_channels + c];
  files->in_at += frame_count;
}

static void keep_error(dt__files* files, dt_status status, const char* sentence) {
  if (files->first.status == DT_OK)
    (void)dt_fail(&files->first, status, "%s", sentence);
}

static void put_frames(dt__files* files, dt_frame frame_count) {
  if (sf_writef_float(files->sound_out, files->interleaved, frame_count) != frame_count)
    keep_error(files, DT_IO, "Writing the sound failed");
  files->out_at += frame_count;
}

static void fill_gap(dt__files* files, dt_frame at) {
  memset(files->interleaved, 0, files->interleaved_size);
  while (files->out_at < at) {
    const dt_frame left = at - files->out_at;
    put_frames(files, left < files->period_frames ? left : files->period_frames);
  }
}

void dt__files_write(dt__files* files, dt_frame at, int frame_count, const float* const* out,
                     const dt_port_midi_list* midi) {
  if (dt__notes_add(&files->notes, dt__files_allocator(files), at, midi) != DT_OK)
    keep_error(files, DT_NO_MEMORY, dt_status_sentence(DT_NO_MEMORY));
  if (files->sound_out == NULL) {
    files->out_at = at + frame_count;
    return;
  }
  fill_gap(files, at);
  for (int c = 0; c < files->out_channels; ++c)
    for (int i = 0; i < frame_count; ++i)
      files->interleaved[(ptrdiff_t)i * files->out_channels + c] = out[c][i];
  put_frames(files, frame_count);
}

/* The sound is whole or not there. */
static dt_status finish_sound(dt__files* files, dt_status status, dt_error* own) {
  if (files->sound_out == NULL)
    return status;
  if (sf_close(files->sound_out) != 0 && status == DT_OK)
    status = dt_fail(own, DT_IO, "Writing the sound failed");
  files->sound_out = NULL;
  if (status == DT_OK)
    return dt_outfile_commit(&files->sound_out_file, own);
  dt_outfile_abandon(&files->sound_out_file);
  return status;
}

dt_status dt__files_finish(dt__files* files, dt_error* err) {
  dt_error own = files->first;
  dt_status status = finish_sound(files, own.status, &own);
  if (status == DT_OK)
    status = dt__notes_finish(&files->notes, dt__files_allocator(files), files->out_at, &own);
  return status == DT_OK ? DT_OK : dt_fail(err, status, "%s", own.sentence);
}

void dt__files_close(dt__files* files) {
  if (files == NULL)
    return;
  const dt_allocator allocator = files->allocator;
  const dt_allocator* own = files->has_allocator ? &allocator : NULL;
  if (files->sound_in != NULL)
    sf_close(files->sound_in);
  if (files->sound_out != NULL) {
    sf_close(files->sound_out);
    dt_outfile_abandon(&files->sound_out_file);
  }
  dt_smf_clear(&files->score.smf, own);
  dt__notes_close(&files->notes, own);
  if (files->interleaved != NULL)
    dt_release(own, files->interleaved, files->interleaved_size);
  dt_release(own, files, sizeof *files);
}
