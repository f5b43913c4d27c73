#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io_internal.h"
#include "mpeg.h"
#include "sound_format.h"

#define BLOCK_SAMPLES  65536 /* of all channels together */
#define RATE_MIN_HZ    4000
#define RATE_MAX_HZ    768000
#define SAMPLE_MAX     1e6F /* 120 dB over full scale: what is more says nothing, and overflows */
#define CUT_ADVICE     "copy or export it again"
#define SOUND_EXPECTED "This is no sound file (WAV, AIFF, FLAC, Ogg, Opus or MP3)"

struct dt_sound {
  SNDFILE* file;
  SF_INFO about;
  dt_frame frame_count; /* -1 where not known */
  dt_frame frames_read;
  dt_buffer spool; /* standard input, kept */
  dt__memory memory;
  float block[BLOCK_SAMPLES];
};

/* libsndfile keeps the reason why a file could not be opened in one place for all threads. */
static pthread_mutex_t opening = PTHREAD_MUTEX_INITIALIZER;

static dt_sound* sound_new(dt_error* err) {
  dt_sound* sound = calloc(1, sizeof *sound);
  if (sound == NULL)
    dt_fail(err, DT_NO_MEMORY, "There is not enough memory to read this");
  return sound;
}

void dt_sound_close(dt_sound* sound) {
  if (sound == NULL)
    return;
  if (sound->file != NULL)
    sf_close(sound->file);
  dt_buffer_clear(&sound->spool);
  free(sound);
}

/* libsndfile's own words, without their stop. */
static void cannot_open(const char* expected, dt_error* err) {
  const int code = sf_error(NULL);
  if (code == SF_ERR_UNRECOGNISED_FORMAT) {
    dt_fail(err, DT_BAD_DATA, "%s", expected);
    return;
  }
  if (code == SF_ERR_SYSTEM) {
    dt_fail(err, DT_IO, "The file cannot be opened: may you read it?");
    return;
  }
  const char* words = code == SF_ERR_MALFORMED_FILE ? "" : sf_error_number(code);
  /* What it says of a few bytes of text in a file called .mp3; that there is one was seen before.
   */
  if (strncmp(words, "File does not exist", 19) == 0) {
    dt_fail(err, DT_BAD_DATA, "%s", expected);
    return;
  }
  const size_t length = strcspn(words, ".\r\n");
  dt_fail(err, code == SF_ERR_UNSUPPORTED_ENCODING ? DT_UNSUPPORTED : DT_BAD_DATA,
          "The sound file is cut, damaged or of a rare kind%s%.*s: " CUT_ADVICE ", as WAV or "
          "FLAC",
          length > 0 ? "; " : "", (int)(length < 60 ? length : 60), words);
}

static bool is_usable(dt_sound* sound, const char* expected, dt_error* err) {
  const SF_INFO* about = &sound->about;
  /* By its ending alone libsndfile takes some files for sound without a header. */
  if ((about->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_RAW) {
    dt_fail(err, DT_BAD_DATA, "%s", expected);
    return false;
  }
  if (about->samplerate < RATE_MIN_HZ || about->samplerate > RATE_MAX_HZ) {
    dt_fail(err, DT_UNSUPPORTED,
            "A sample rate of %d Hz (%d to %d can be read): export it at 48000 Hz",
            about->samplerate, RATE_MIN_HZ, RATE_MAX_HZ);
    return false;
  }
  if (about->channels < 1 || about->channels > BLOCK_SAMPLES) {
    dt_fail(err, DT_UNSUPPORTED, "%d channels: export it as mono or stereo", about->channels);
    return false;
  }
  if (dt__is_cut(sound->file)) {
    dt_fail(err, DT_BAD_DATA,
            "The sound file is cut: its header promises more than there is; " CUT_ADVICE);
    return false;
  }
  if (about->frames == 0) {
    dt_fail(err, DT_BAD_DATA, "There is no sound in this file: record or export it again");
    return false;
  }
  return true;
}

/* Opens the file, or the sound's memory where path is NULL. */
static bool open_file(dt_sound* sound, const char* path, const char* expected, dt_error* err) {
  SF_VIRTUAL_IO io = dt__memory_io();
  pthread_mutex_lock(&opening);
  sound->file = path != NULL ? sf_open(path, SFM_READ, &sound->about)
                             : sf_open_virtual(&io, SFM_READ, &sound->about, &sound->memory);
  if (sound->file == NULL)
    cannot_open(expected, err);
  pthread_mutex_unlock(&opening);
  return sound->file != NULL;
}

static dt_sound* opened(dt_sound* sound, const char* path, const char* expected,
                        dt_sound_info* info, dt_error* err) {
  if (!open_file(sound, path, expected, err)) {
    dt_sound_close(sound);
    return NULL;
  }
  if (!is_usable(sound, expected, err)) {
    dt_sound_close(sound);
    return NULL;
  }
  const SF_INFO* about = &sound->about;
  sound->frame_count = about->frames > 0 && about->frames < SF_COUNT_MAX ? about->frames : -1;
  *info = (dt_sound_info){
      .rate_hz = about->samplerate,
      .channels = about->channels,
      .frame_count = sound->frame_count,
  };
  dt__format_words(info->format, sizeof info->format, about->format);
  return sound;
}

/* What a file is before it is sound: there, not a folder, not empty. */
static bool is_file(const char* path, dt_error* err) {
  struct stat about;
  if (stat(path, &about) != 0) {
    if (errno == ENOENT || errno == ENOTDIR)
      dt_fail(err, DT_NOT_FOUND, "There is no such file: check the name");
    else
      dt_fail(err, DT_IO, "The file cannot be opened (%s)", strerror(errno));
    return false;
  }
  if (S_ISDIR(about.st_mode)) {
    dt_fail(err, DT_IO, "This is a folder, not a file: name one of the files in it");
    return false;
  }
  if (about.st_size == 0) {
    dt_fail(err, DT_BAD_DATA, "The file is empty: record or copy it again");
    return false;
  }
  return true;
}

/* Refused before libsndfile sees it. */
static dt_sound* not_sound(dt_sound* sound, const char* expected, dt_error* err) {
  dt_fail(err, DT_BAD_DATA, "%s", expected);
  dt_sound_close(sound);
  return NULL;
}

static bool is_false_mpeg_file(const char* path) {
  unsigned char head[DT__MPEG_HEAD_BYTES];
  FILE* file = fopen(path, "rb");
  if (file == NULL)
    return false;
  const size_t size = fread(head, 1, sizeof head, file);
  fclose(file);
  return dt__mpeg_is_false(head, size);
}

static dt_sound* open_bytes(dt_sound* sound, const void* bytes, size_t size, const char* expected,
                            dt_sound_info* info, dt_error* err) {
  if (size == 0) {
    dt_fail(err, DT_BAD_DATA, "There is nothing in it: record or copy it again");
    dt_sound_close(sound);
    return NULL;
  }
  if (dt__mpeg_is_false(bytes, size))
    return not_sound(sound, expected, err);
  sound->memory = (dt__memory){.bytes = bytes, .size = size};
  return opened(sound, NULL, expected, info, err);
}

dt_sound* dt__sound_open(const char* path, const char* expected, dt_sound_info* info,
                         dt_error* err) {
  const bool is_spooled = dt__is_spooled(path);
  if (!is_spooled && !is_file(path, err))
    return NULL;
  dt_sound* sound = sound_new(err);
  if (sound == NULL)
    return NULL;
  if (!is_spooled && is_false_mpeg_file(path))
    return not_sound(sound, expected, err);
  if (!is_spooled)
    return opened(sound, path, expected, info, err);
  if (dt_file_read(&sound->spool, path, DT__SPOOL_MAX, err) != DT_OK) {
    dt_sound_close(sound);
    return NULL;
  }
  return open_bytes(sound, sound->spool.bytes, sound->spool.size, expected, info, err);
}

dt_sound* dt__sound_open_memory(const void* bytes, size_t size, const char* expected,
                                dt_sound_info* info, dt_error* err) {
  dt_sound* sound = sound_new(err);
  return sound != NULL ? open_bytes(sound, bytes, size, expected, info, err) : NULL;
}

dt_sound* dt_sound_open(const char* path, dt_sound_info* info, dt_error* err) {
  return dt__sound_open(path, SOUND_EXPECTED, info, err);
}

dt_sound* dt_sound_open_memory(const void* bytes, size_t size, dt_sound_info* info, dt_error* err) {
  return dt__sound_open_memory(bytes, size, SOUND_EXPECTED, info, err);
}

static double bounded(float sample) {
  if (!isfinite(sample))
    return 0.0;
  return (double)fminf(fmaxf(sample, -SAMPLE_MAX), SAMPLE_MAX);
}

static void mix(float* mono, const float* samples, size_t frame_count, size_t channels) {
  for (size_t i = 0; i < frame_count; ++i) {
    double sum = 0.0;
    for (size_t c = 0; c < channels; ++c)
      sum += bounded(samples[i * channels + c]);
    mono[i] = (float)(sum / (double)channels);
  }
}

/* At the end: was that all? The length of an MP3 without an index is an estimate. */
static ptrdiff_t end_of(const dt_sound* sound, dt_error* err) {
  const bool is_mpeg = (sound->about.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_MPEG;
  const double expected = (double)sound->frame_count * (is_mpeg ? 0.95 : 1.0);
  const double rate_hz = sound->about.samplerate;
  if (sound->frame_count >= 0 && (double)sound->frames_read < expected) {
    dt_fail(err, DT_BAD_DATA,
            "The sound ends after %.1f of %.1f s: the file is cut or damaged; " CUT_ADVICE,
            (double)sound->frames_read / rate_hz, (double)sound->frame_count / rate_hz);
    return -1;
  }
  if (sound->frames_read == 0) {
    dt_fail(err, DT_BAD_DATA,
            "No sound can be read from this file: it is cut or damaged; " CUT_ADVICE);
    return -1;
  }
  return 0;
}

ptrdiff_t dt_sound_read(dt_sound* sound, float* mono, size_t frame_count, dt_error* err) {
  const size_t channels = (size_t)sound->about.channels;
  const size_t block_frames = BLOCK_SAMPLES / channels;
  size_t done = 0;
  while (done < frame_count) {
    const size_t left = frame_count - done;
    const size_t wanted = left < block_frames ? left : block_frames;
    const sf_count_t got = sf_readf_float(sound->file, sound->block, (sf_count_t)wanted);
    if (got <= 0)
      break;
    mix(mono + done, sound->block, (size_t)got, channels);
    done += (size_t)got;
    sound->frames_read += got;
  }
  if (done > 0 || frame_count == 0)
    return (ptrdiff_t)done;
  return end_of(sound, err);
}
