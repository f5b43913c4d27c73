#include "dt/codec.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../src/io/io_internal.h"
#include "folder_fixture.h"
#include "sound_make.h"

#define WAV_16  (SF_FORMAT_WAV | SF_FORMAT_PCM_16)
#define WAV_F32 (SF_FORMAT_WAV | SF_FORMAT_FLOAT)

static const struct {
  const char* name;
  int format;
  bool is_exact;
  bool shows_cut;
} formats[] = {
    {"a.wav", WAV_16, true, true},
    {"b.wav", SF_FORMAT_WAV | SF_FORMAT_PCM_24, true, true},
    {"c.wav", WAV_F32, true, true},
    {"d.wav", SF_FORMAT_WAVEX | SF_FORMAT_PCM_32, true, true},
    {"e.rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_24, true, true},
    {"f.aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, true, true},
    {"g.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, true, true},
    {"h.ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, false, false},
    {"i.opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, false, false},
    {"j.mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, false, true},
};
#define FORMAT_COUNT (sizeof formats / sizeof *formats)

static float two_tones(double time_s, int channel) {
  return (float)(0.2 * sin(time_s * (600.0 + 200.0 * channel)));
}

static void every_format_is_read_as_the_average_of_its_channels(void** state) {
  (void)state;
  enum { FRAMES = 24000 };
  static float mono[FRAMES + 10];
  for (size_t f = 0; f < FORMAT_COUNT; ++f) {
    for (int channels = 1; channels <= 2; ++channels) {
      if (!sound_make(in_folder(&temp, formats[f].name), formats[f].format, 48000, channels, FRAMES,
                      two_tones)) {
        printf("not written by this libsndfile: %s\n", formats[f].name);
        continue;
      }
      dt_sound_info info;
      dt_error err = {.sentence = ""};
      dt_sound* sound = dt_sound_open(temp.name, &info, &err);
      if (sound == NULL)
        fail_msg("%s: %s", formats[f].name, err.sentence);
      assert_int_equal(info.rate_hz, 48000);
      assert_int_equal(info.channels, channels);
      size_t count = 0;
      ptrdiff_t got;
      while (count < FRAMES + 10 &&
             (got = dt_sound_read(sound, mono + count, FRAMES + 10 - count, &err)) > 0)
        count += (size_t)got;
      dt_sound_close(sound);
      if (!formats[f].is_exact)
        continue;
      assert_int_equal(count, FRAMES);
      for (size_t i = 0; i < FRAMES; ++i) {
        const double t = (double)i / 48000;
        const double first = (double)two_tones(t, 0);
        const double wanted = channels == 1 ? first : (first + (double)two_tones(t, 1)) / 2;
        assert_true(fabs(wanted - (double)mono[i]) < 1.0 / 32768);
      }
    }
  }
}

static void the_format_is_said_in_words(void** state) {
  (void)state;
  dt_sound_info info;
  assert_true(sound_make(in_folder(&temp, "a.wav"), WAV_16, 8000, 1, 100, two_tones));
  dt_sound_close(dt_sound_open(temp.name, &info, NULL));
  assert_string_equal(info.format, "WAV, 16 bit");
  assert_int_equal(info.frame_count, 100);
  assert_true(
      sound_make(in_folder(&temp, "a.au"), SF_FORMAT_AU | SF_FORMAT_ULAW, 8000, 1, 100, two_tones));
  dt_sound_close(dt_sound_open(temp.name, &info, NULL));
  assert_string_equal(info.format, "AU, U-Law");
}

static float broken(double time_s, int channel) {
  const int frame = (int)lround(time_s * 48000);
  static const float values[] = {NAN, INFINITY, -INFINITY, 3e38F, -3e38F};
  return channel == 0 && frame < 5 ? values[frame] : 0.5F;
}

static void broken_samples_do_no_harm(void** state) {
  (void)state;
  float mono[10];
  dt_sound_info info;
  assert_true(sound_make(in_folder(&temp, "a.wav"), WAV_F32, 48000, 2, 10, broken));
  dt_sound* sound = dt_sound_open(temp.name, &info, NULL);
  assert_non_null(sound);
  assert_int_equal(dt_sound_read(sound, mono, 10, NULL), 10);
  static const float expected[] = {0.25F, 0.25F, 0.25F, 500000.25F, -499999.75F, 0.5F};
  for (size_t i = 0; i < 6; ++i)
    assert_true(mono[i] == expected[i]);
  assert_int_equal(dt_sound_read(sound, mono, 10, NULL), 0);
  dt_sound_close(sound);
}

/* The sentence is one line that says what is wrong. */
static void refuses(const char* path, dt_status status, const char* words) {
  dt_sound_info info;
  dt_error err = {.sentence = ""};
  dt_take take;
  assert_null(dt_sound_open(path, &info, &err));
  if (err.status != status || strstr(err.sentence, words) == NULL ||
      strchr(err.sentence, '\n') != NULL)
    fail_msg("%s: %d \"%s\" does not say \"%s\"", path, err.status, err.sentence, words);
  err = (dt_error){.sentence = ""};
  assert_int_equal(dt_take_load(&take, NULL, path, NULL, &err), status);
  if (strstr(err.sentence, words) == NULL)
    fail_msg("%s: \"%s\" does not say \"%s\"", path, err.sentence, words);
  assert_int_equal(take.strokes.count, 0);
}

static void what_is_no_sound_is_said(void** state) {
  (void)state;
  refuses(in_folder(&temp, "missing.wav"), DT_NOT_FOUND, "no such file");
  refuses(temp.path, DT_IO, "folder");
  file_put(in_folder(&temp, "empty.wav"), "", 0);
  refuses(temp.name, DT_BAD_DATA, "empty");
  static const char text[] = "Dear drummer,\nthis is a letter.\n";
  file_put(in_folder(&temp, "text.txt"), text, sizeof text - 1);
  refuses(temp.name, DT_BAD_DATA, "This is no sound");
  file_put(in_folder(&temp, "text.vox"), text, sizeof text - 1); /* sound by its ending only */
  refuses(temp.name, DT_BAD_DATA, "This is no sound");
  file_put(in_folder(&temp, "text.wav"), text, sizeof text - 1);
  refuses(temp.name, DT_BAD_DATA, "This is no sound");
  file_put(in_folder(&temp, "riff.wav"), "RIFF\x24\0\0\0WAVE", 12);
  refuses(temp.name, DT_BAD_DATA, "");
  assert_true(sound_make(in_folder(&temp, "nothing.wav"), WAV_16, 48000, 1, 0, two_tones));
  refuses(temp.name, DT_BAD_DATA, "no sound in this file");
  assert_true(sound_make(in_folder(&temp, "slow.wav"), WAV_16, 3999, 1, 100, two_tones));
  refuses(temp.name, DT_UNSUPPORTED, "sample rate of 3999 Hz");
}

static void a_cut_file_is_said_to_be_cut(void** state) {
  (void)state;
  for (size_t f = 0; f < FORMAT_COUNT; ++f) {
    if (!formats[f].shows_cut ||
        !sound_make(in_folder(&temp, formats[f].name), formats[f].format, 48000, 1, 48000, knocks))
      continue;
    dt_buffer whole = {.bytes = NULL};
    assert_int_equal(dt_file_read(&whole, temp.name, 1 << 20, NULL), DT_OK);
    for (size_t part = 1; part < 10; ++part) {
      dt_take take;
      dt_error err = {.sentence = ""};
      file_put(temp.name, whole.bytes, whole.size * part / 10);
      const dt_status status = dt_take_load(&take, NULL, temp.name, NULL, &err);
      if (status != DT_BAD_DATA || strstr(err.sentence, "cut") == NULL)
        fail_msg("%s, %zu/10: %d \"%s\"", formats[f].name, part, status, err.sentence);
      assert_int_equal(take.strokes.count, 0);
    }
    dt_buffer_clear(&whole);
  }
}

/* What a damaged header may ask of the bytes. */
static void memory_has_two_ends(void** state) {
  (void)state;
  static const unsigned char bytes[] = {1, 2, 3, 4, 5};
  dt__memory memory = {.bytes = bytes, .size = sizeof bytes};
  const SF_VIRTUAL_IO io = dt__memory_io();
  unsigned char got[8];
  assert_int_equal(io.seek(-1, SEEK_SET, &memory), 0);
  assert_int_equal(io.seek(INT64_MIN, SEEK_END, &memory), 0);
  assert_int_equal(io.seek(INT64_MAX, SEEK_CUR, &memory), 5);
  assert_int_equal(io.read(got, 3, &memory), 0);
  assert_int_equal(io.seek(-2, SEEK_END, &memory), 3);
  assert_int_equal(io.read(got, INT64_MAX, &memory), 2);
  assert_int_equal(got[1], 5);
  assert_int_equal(io.tell(&memory), 5);
  assert_int_equal(io.read(got, -1, &memory), 0);
  assert_int_equal(io.write(got, 1, &memory), 0);
}

static void sizes_of_until_the_end_are_believed(void** state) {
  (void)state;
  assert_true(sound_make(in_folder(&temp, "a.wav"), WAV_16, 48000, 1, 4800, two_tones));
  dt_buffer bytes = {.bytes = NULL};
  assert_int_equal(dt_file_read(&bytes, temp.name, 1 << 20, NULL), DT_OK);
  memset(bytes.bytes + 4, 0xFF, 4);
  memset(bytes.bytes + 40, 0xFF, 4);
  dt_sound_info info;
  dt_error err = {.sentence = ""};
  dt_sound* sound = dt_sound_open_memory(bytes.bytes, bytes.size, &info, &err);
  if (sound == NULL)
    fail_msg("%s", err.sentence);
  assert_int_equal(info.frame_count, 4800);
  dt_sound_close(sound);
  dt_buffer_clear(&bytes);
}

static double impulse_s; /* where the impulse stands */

static float impulse(double time_s, int channel) {
  (void)channel;
  return fabs(time_s - impulse_s) < 1e-9 ? 0.9F : 0.0F;
}

/* The centre of energy of what comes out of the resampler, in seconds; its length in *duration_s.
 */
static double centre_s(const char* path, size_t block_frames, double* duration_s) {
  dt_sound_info info;
  dt_sound* sound = dt_sound_open(path, &info, NULL);
  assert_non_null(sound);
  int rate_hz = 0;
  dt__resampler* resampler = dt__resampler_new(sound, info.rate_hz, &rate_hz);
  assert_non_null(resampler);
  assert_in_range(rate_hz, 22050, 96000);
  static float block[4096];
  double energy = 0.0;
  double moment = 0.0;
  dt_frame position = 0;
  ptrdiff_t got;
  while ((got = dt__resampler_read(resampler, block, block_frames, NULL)) > 0)
    for (ptrdiff_t i = 0; i < got; ++i, ++position) {
      energy += (double)block[i] * (double)block[i];
      moment += (double)block[i] * (double)block[i] * (double)position;
    }
  assert_int_equal(got, 0);
  dt__resampler_free(resampler);
  dt_sound_close(sound);
  *duration_s = (double)position / rate_hz;
  return moment / energy / rate_hz;
}

/* Also at the very beginning and near the end of a file longer than the resampler's blocks. */
static void resampling_keeps_every_position(void** state) {
  (void)state;
  static const int rates[] = {4000,  8000,   11025,  16000,  22050,  44100,
                              96000, 100001, 176400, 192000, 384000, 768000};
  double worst_s = 0.0;
  for (size_t r = 0; r < sizeof rates / sizeof *rates; ++r) {
    const int rate_hz = rates[r];
    const long frames = rate_hz;
    static const double places[] = {0.02, 0.4, 0.97};
    for (size_t p = 0; p < 3; ++p) {
      impulse_s = floor(places[p] * rate_hz) / rate_hz;
      assert_true(sound_make(in_folder(&temp, "a.wav"), WAV_F32, rate_hz, 1, frames, impulse));
      double duration_s;
      const double error_s = centre_s(temp.name, p == 1 ? 33 : 4096, &duration_s) - impulse_s;
      if (fabs(error_s) > 5e-5)
        fail_msg("%d Hz, %.2f s: %.4f ms off", rate_hz, impulse_s, error_s * 1e3);
      assert_true(fabs(duration_s - 1.0) < 1e-4);
      worst_s = fmax(worst_s, fabs(error_s));
    }
  }
  printf("resampled impulses are at most %.6f ms off\n", worst_s * 1e3);
}

typedef struct witness {
  int calls;
  int stop_after;
  double last;
  bool went_back;
} witness;

static bool watch(void* ctx, double done) {
  witness* seen = ctx;
  seen->went_back |= !(done >= seen->last && done <= 1.0);
  seen->last = done;
  return ++seen->calls != seen->stop_after;
}

static void progress_goes_up_and_can_stop(void** state) {
  (void)state;
  dt_take take;
  dt_error err = {.sentence = ""};
  witness seen = {.stop_after = 0};
  assert_true(sound_make(in_folder(&temp, "a.wav"), WAV_16, 48000, 1, 480000, knocks));
  assert_int_equal(dt_take_from_sound(&take, NULL, temp.name, watch, &seen, &err), DT_OK);
  assert_true(seen.calls > 3);
  assert_true(seen.last > 0.5);
  assert_false(seen.went_back);
  assert_true(fabs(take.duration_s - 10.0) < 1e-9);
  dt_take_clear(&take, NULL);
  seen = (witness){.stop_after = 3};
  assert_int_equal(dt_take_from_sound(&take, NULL, temp.name, watch, &seen, &err), DT_CANCELLED);
  assert_int_equal(seen.calls, 3);
  assert_true(err.sentence[0] != '\0');
  assert_int_equal(take.strokes.count, 0);
}

/* The same knocks at any rate are the same strokes, at the same times. */
static void a_take_does_not_move_with_the_rate(void** state) {
  (void)state;
  static const int rates[] = {44100, 48000, 96000, 192000};
  double first_s = 0.0;
  for (size_t r = 0; r < sizeof rates / sizeof *rates; ++r) {
    dt_take take;
    dt_error err = {.sentence = ""};
    assert_true(sound_make(in_folder(&temp, "a.wav"), WAV_16, rates[r], 2, rates[r], knocks));
    if (dt_take_from_sound(&take, NULL, temp.name, NULL, NULL, &err) != DT_OK)
      fail_msg("%s", err.sentence);
    assert_int_equal(take.source, DT_TAKE_SOUND);
    size_t knocks_heard = 0; /* a knock may be heard as two drums at one time */
    for (size_t i = 0; i < take.strokes.count; ++i)
      knocks_heard +=
          i == 0 || take.strokes.items[i].time_s - take.strokes.items[i - 1].time_s > 0.05;
    assert_in_range(knocks_heard, 9, 11);
    for (size_t i = 0; i < take.strokes.count; ++i)
      assert_true(take.strokes.items[i].time_s <= take.duration_s);
    double time_s = 0.0;
    for (size_t i = 0; time_s < 0.3; ++i)
      time_s = take.strokes.items[i].time_s;
    assert_true(fabs(time_s - 0.35) < 3e-3);
    if (r == 0)
      first_s = time_s;
    assert_true(fabs(time_s - first_s) < 5e-4);
    dt_take_clear(&take, NULL);
  }
}

static const unsigned char midi[] = {'M', 'T',  'h', 'd', 0,   0,   0,   6, 0,    0,    0,
                                     1,   0,    96,  'M', 'T', 'r', 'k', 0, 0,    0,    11,
                                     0,   0x99, 22,  100, 24,  38,  100, 0, 0xFF, 0x2F, 0};
static const char csv[] = "time_s,drum,velocity\n1.5,snare,90\n";

static void the_first_bytes_tell_what_a_take_is(void** state) {
  (void)state;
  dt_take take;
  dt_error err = {.sentence = ""};
  file_put(in_folder(&temp, "midi.wav"), midi, sizeof midi);
  if (dt_take_load(&take, NULL, temp.name, NULL, &err) != DT_OK)
    fail_msg("%s", err.sentence);
  assert_int_equal(take.source, DT_TAKE_MIDI);
  assert_int_equal(take.strokes.count, 2);
  assert_int_equal(take.strokes.items[0].drum, DT_HIHAT_CLOSED);
  dt_take_clear(&take, NULL);
  file_put(in_folder(&temp, "strokes.mid"), csv, sizeof csv - 1);
  assert_int_equal(dt_take_load(&take, NULL, temp.name, NULL, &err), DT_OK);
  assert_int_equal(take.strokes.count, 1);
  dt_take_clear(&take, NULL);
  assert_true(sound_make(in_folder(&temp, "sound.csv"), WAV_16, 48000, 1, 48000, knocks));
  assert_int_equal(dt_take_load(&take, NULL, temp.name, NULL, &err), DT_OK);
  assert_int_equal(take.source, DT_TAKE_SOUND);
  dt_take_clear(&take, NULL);
}

static void a_kit_can_be_named_and_extended(void** state) {
  (void)state;
  char map_path[600];
  dt_take take;
  dt_error err = {.sentence = ""};
  file_put(in_folder(&temp, "map"), "38 cowbell\n", 11);
  strcpy(map_path, temp.name);
  dt_take_options options = {.kit = "gm", .kitmap_path = map_path};
  file_put(in_folder(&temp, "a.mid"), midi, sizeof midi);
  assert_int_equal(dt_take_load(&take, NULL, temp.name, &options, &err), DT_OK);
  assert_int_equal(take.ignored_notes, 1); /* GM has no note 22 */
  assert_int_equal(take.strokes.items[1].drum, DT_COWBELL);
  dt_take_clear(&take, NULL);
  file_put(map_path, "38 cowbell\n38 kazoo\n", 20);
  assert_int_equal(dt_take_load(&take, NULL, temp.name, &options, &err), DT_BAD_DATA);
  assert_non_null(strstr(err.sentence, "kit map: Line 2: \"kazoo\""));
  remove(map_path);
  assert_int_equal(dt_take_load(&take, NULL, temp.name, &options, &err), DT_NOT_FOUND);
  assert_non_null(strstr(err.sentence, "kit map: There is no such file"));
  options = (dt_take_options){.kit = "tabla"};
  assert_int_equal(dt_take_load(&take, NULL, temp.name, &options, &err), DT_BAD_ARGUMENT);
  assert_non_null(strstr(err.sentence, "use gm, roland"));
}

/* Loads bytes that come through a pipe, as from `cat take | doubletime judge /dev/stdin`. */
static dt_status load_piped(dt_take* take, const void* bytes, size_t size, dt_error* err) {
  int ends[2];
  char path[32];
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], bytes, size), size);
  close(ends[1]);
  snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
  const dt_status status = dt_take_load(take, NULL, path, NULL, err);
  close(ends[0]);
  return status;
}

static void a_pipe_is_a_take_too(void** state) {
  (void)state;
  dt_take take;
  dt_error err = {.sentence = ""};
  assert_int_equal(load_piped(&take, midi, sizeof midi, &err), DT_OK);
  assert_int_equal(take.strokes.count, 2);
  dt_take_clear(&take, NULL);
  assert_int_equal(load_piped(&take, csv, sizeof csv - 1, &err), DT_OK);
  assert_int_equal(take.strokes.count, 1);
  dt_take_clear(&take, NULL);
  assert_true(sound_make(in_folder(&temp, "a.wav"), WAV_16, 22050, 1, 11025, knocks));
  dt_buffer bytes = {.bytes = NULL};
  assert_int_equal(dt_file_read(&bytes, temp.name, 60000, NULL), DT_OK);
  assert_int_equal(load_piped(&take, bytes.bytes, bytes.size, &err), DT_OK);
  assert_int_equal(take.source, DT_TAKE_SOUND);
  assert_true(fabs(take.duration_s - 0.5) < 1e-9);
  dt_take_clear(&take, NULL);
  dt_buffer_clear(&bytes);
  assert_int_equal(load_piped(&take, "", 0, &err), DT_BAD_DATA);
  assert_non_null(strstr(err.sentence, "nothing in it"));
}

int main(void) {
  const struct CMUnitTest tests[] = {
      IN_FOLDER(every_format_is_read_as_the_average_of_its_channels),
      IN_FOLDER(the_format_is_said_in_words),
      IN_FOLDER(broken_samples_do_no_harm),
      IN_FOLDER(what_is_no_sound_is_said),
      IN_FOLDER(a_cut_file_is_said_to_be_cut),
      IN_FOLDER(memory_has_two_ends),
      IN_FOLDER(sizes_of_until_the_end_are_believed),
      IN_FOLDER(resampling_keeps_every_position),
      IN_FOLDER(progress_goes_up_and_can_stop),
      IN_FOLDER(a_take_does_not_move_with_the_rate),
      IN_FOLDER(the_first_bytes_tell_what_a_take_is),
      IN_FOLDER(a_kit_can_be_named_and_extended),
      IN_FOLDER(a_pipe_is_a_take_too),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
