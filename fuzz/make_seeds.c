/* Makes the seeds in corpus/: `make_seeds CORPUS`, with the folders CORPUS/NAME there. */

#include <math.h>
#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../test/support/net_model.h"

#define FRAMES 256

static const char* corpus;

static const char* path_of(const char* target, const char* name) {
  static char path[1024];
  snprintf(path, sizeof path, "%.900s/%s/%s", corpus, target, name);
  return path;
}

static void fail(const char* path) {
  perror(path);
  exit(EXIT_FAILURE);
}

static void put(const char* target, const char* name, const void* bytes, size_t size) {
  const char* path = path_of(target, name);
  FILE* file = fopen(path, "wb");
  if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
    fail(path);
}

#define PUT(target, name, bytes) put(target, name, bytes, sizeof(bytes) - 1)

static void put_sound(const char* name, int format, int channels) {
  float samples[2 * FRAMES];
  const char* path = path_of("sound", name);
  SF_INFO about = {.samplerate = 24000, .channels = channels, .format = format};
  for (int i = 0; i < FRAMES * channels; ++i)
    samples[i] = (float)(sin(i * 0.3) * exp(-i / 60.0));
  SNDFILE* file = sf_open(path, SFM_WRITE, &about);
  if (file == NULL || sf_writef_float(file, samples, FRAMES) != FRAMES || sf_close(file) != 0)
    fail(path);
}

static void put_midi(void) {
  /* Format 0, a tempo, a metre, running status, an end long after the last note. */
  PUT("smf", "one-track",
      "MThd\0\0\0\6\0\0\0\1\1\340MTrk\0\0\0\044\0\377\130\4\7\3\030\010\0\377\121\3\7\241\040"
      "\0\231\044\144\203\140\046\132\203\140\044\0\201\0\377\057\0");
  /* Format 1: a tempo map, then notes with pedal and choke; a chunk that nobody knows. */
  PUT("smf", "two-tracks",
      "MThd\0\0\0\6\0\1\0\2\0\140MTrk\0\0\0\022\0\377\121\3\7\241\040\140\377\121\3\17\102\100"
      "\0\377\057\0XFIH\0\0\0\2\1\2MTrk\0\0\0\035\0\271\4\100\0\231\026\144\030\061\177\030\251"
      "\061\177\0\360\2\176\367\1\331\5\0\367\1\372\0\377\057\0");
  /* 29.97 frames a second. */
  PUT("smf", "smpte", "MThd\0\0\0\6\0\0\0\1\343\120MTrk\0\0\0\010\170\231\044\144\170\377\057\0");
}

/* A byte that says how, then a bass and a chord with a program, a volume and a bend. */
static void put_backing(void) {
  PUT("backing", "bass",
      "\005MThd\000\000\000\006\000\000\000\001\001\340MTrk\000\000\000\047\000\300\040"
      "\000\260\007d\000\220\050Z\000\057\100\000\340\000P\203\140\200\050\000\000\057"
      "\000\000\220\053Z\203\140\200\053\000\000\377\057\000");
}

static void put_texts(void) {
  PUT("csv", "takes",
      "time_s,drum,velocity,note\n0.795833,kick,92,36\n-0.0017,hihat_closed,,\n1e1,tom_low,0.5,\n");
  PUT("csv", "columns",
      "\xEF\xBB\xBFtime_s,drum,velocity,x,choke_s,confidence,openness\r\n"
      "0.5,crash,100,y,0.25,0.75,-1\r\n\r\n0.6,hihat,100,,,,0.5");
  PUT("kitmap", "map", "# my kit\r\n22 ride\n\n  100\tcowbell # added\n7 other");
}

static void put_model(const char* name, dt_model_writer* writer) {
  size_t size;
  unsigned char* file = dt_writer_bytes(writer, &size);
  put("model", name, file, size);
  dt_writer_clear(writer);
  free(file);
}

static void put_models(void) {
  static const uint16_t halves[] = {0x3c00, 0x8001, 0x7bff};
  const dt_net_shape bare = {{{{0, 0, 0}}, {{0, 0, 0}}}, 2, {1}};
  const dt_net_shape full = {{{{2, 2, 3}, {1, 1, 1}}, {{1, 1, 5}, {2, 2, 1}}}, 3, {2, 1, 2}};
  dt_model_writer writer = {.count = 0};
  put_model("empty", &writer);
  dt_writer_add(&writer, "threshold.drum", DT_MODEL_F32, (size_t[4]){1, 2, 3, 1}, NULL);
  dt_writer_add(&writer, "b_0", DT_MODEL_F16, (size_t[4]){3}, halves);
  put_model("records", &writer);
  dt_net_model(&writer, &bare, 1);
  put_model("bare-net", &writer);
  dt_net_model(&writer, &full, 1);
  put_model("full-net", &writer);
  dt_net_model(&writer, &bare, 1);
  dt_net_model_more(&writer, &full, 2, 1);
  put_model("two-nets", &writer);
  dt_net_model(&writer, &full, 3);
  dt_net_largest(&writer, &full, 10);
  put_model("whole-net", &writer);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: make_seeds CORPUS\n");
    return EXIT_FAILURE;
  }
  corpus = argv[1];
  put_midi();
  put_backing();
  put_texts();
  put_models();
  put_sound("wav", SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2);
  put_sound("float-wav", SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1);
  put_sound("rf64", SF_FORMAT_RF64 | SF_FORMAT_PCM_24, 1);
  put_sound("aiff", SF_FORMAT_AIFF | SF_FORMAT_PCM_16, 1);
  put_sound("flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 2);
  put_sound("ogg", SF_FORMAT_OGG | SF_FORMAT_VORBIS, 1);
  put_sound("opus", SF_FORMAT_OGG | SF_FORMAT_OPUS, 1);
  put_sound("mp3", SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III, 1);
  return EXIT_SUCCESS;
}
