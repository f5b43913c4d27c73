/*
 * How fast is the ear's network? Markdown on standard output.
 *
 *   bench_nn [MODEL]                      a model file; default: the usual shape, random (seed 4)
 *   bench_nn MODEL FEATURES ANSWERS       only runs it: raw float32, 120 a frame in, 34 out, for
 *                                         train/check_net.py
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../test/support/net_model.h"
#include "dt/alloc.h"
#include "net.h"

enum { SEED = 4, FRAMES = 1000, RUNS = 15 };

static void die(const char* what, const char* why) {
  fprintf(stderr, "bench_nn: %s: %s\n", what, why);
  exit(1);
}

/* Processor time: other work on the machine does not count. */
static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static unsigned char* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  if (file == NULL || fseek(file, 0, SEEK_END) != 0)
    die(path, "cannot be opened");
  const long end = ftell(file);
  rewind(file);
  unsigned char* bytes = end < 0 ? NULL : malloc((size_t)end + 1);
  *size = end < 0 ? 0 : (size_t)end;
  if (bytes == NULL || fread(bytes, 1, *size, file) != *size)
    die(path, "cannot be read");
  fclose(file);
  return bytes;
}

static void* net_memory(dt__net* net, const unsigned char* bytes, size_t size, size_t* used,
                        size_t* weights) {
  dt_model model;
  dt_error error = {.sentence = ""};
  if (dt_model_parse(&model, bytes, size, &error) != DT_OK ||
      dt__net_plan(net, &model, &error) != DT_OK)
    die("model", error.sentence);
  dt_arena arena = dt_arena_measure();
  dt__net_layout(net, &arena);
  void* block = malloc(arena.used);
  if (block == NULL)
    die("model", "no memory");
  *used = arena.used;
  arena = dt_arena_over(block, arena.used);
  dt__net_layout(net, &arena);
  dt__net_load(net, &model);
  *weights = 0;
  for (size_t i = 0; i < model.record_count; i++)
    *weights += dt_model_at(&model, i).count;
  return block;
}

static void answer_file(dt__net* net, const char* features, const char* answers) {
  size_t size;
  unsigned char* in = read_file(features, &size);
  const size_t frames = size / (DT__NET_INPUTS * sizeof(float));
  dt__net_out* out = calloc(frames + 1, sizeof *out);
  FILE* file = fopen(answers, "wb");
  if (out == NULL || file == NULL)
    die(answers, "cannot be opened");
  dt__net_run(net, (const float*)(const void*)in, frames, out);
  if (fwrite(out, sizeof *out, frames, file) != frames || fclose(file) != 0)
    die(answers, "cannot be written");
  free(out);
  free(in);
}

/* The least of a few runs. */
static double best_of(void (*work)(void*), void* ctx) {
  double best = 1e9;
  for (int i = 0; i < RUNS; i++) {
    const double start = now_s();
    work(ctx);
    const double took = now_s() - start;
    best = took < best ? took : best;
  }
  return best;
}

typedef struct net_work {
  dt__net* net;
  const float* features;
  dt__net_out* out;
  size_t step;
} net_work;

static void run_net(void* ctx) {
  const net_work* w = ctx;
  for (size_t at = 0; at < FRAMES; at += w->step)
    dt__net_run(w->net, w->features + at * DT__NET_INPUTS,
                w->step < FRAMES - at ? w->step : FRAMES - at, w->out + at);
}

typedef struct kernel_work {
  const dt_nn_kernels* kernels;
  dt_nn_matrix matrix;
  dt_nn_rows rows;
  float* x;
  float* y;
  size_t count;
  int times;
} kernel_work;

static void run_multiply(void* ctx) {
  const kernel_work* w = ctx;
  for (int i = 0; i < w->times; i++)
    w->kernels->multiply(&w->matrix, &w->rows);
}

static void run_sigmoid(void* ctx) {
  const kernel_work* w = ctx;
  for (int i = 0; i < w->times; i++)
    w->kernels->sigmoid(w->x, w->count);
}

static void run_tanh(void* ctx) {
  const kernel_work* w = ctx;
  for (int i = 0; i < w->times; i++)
    w->kernels->tanh(w->x, w->count);
}

static void run_round(void* ctx) {
  const kernel_work* w = ctx;
  for (int i = 0; i < w->times; i++)
    w->kernels->round(w->x, 1000, w->count, (int16_t*)(void*)w->y);
}

static void run_gates(void* ctx) {
  const kernel_work* w = ctx;
  for (int i = 0; i < w->times; i++)
    w->kernels->gates(w->y, w->x, w->x + 3 * w->count, w->count);
}

static float* randoms(size_t count, uint64_t stream) {
  dt_rng rng = dt_rng_seeded(SEED, stream);
  float* x = aligned_alloc(64, (count * sizeof *x + 63) / 64 * 64);
  if (x == NULL)
    die("numbers", "no memory");
  for (size_t i = 0; i < count; i++)
    x[i] = (float)(0.5 * dt_rng_normal(&rng));
  return x;
}

/* A line of the table: nanoseconds of plain C, then how many times faster the others are. */
static void print_line(const char* name, const char* unit, double per, void (*work)(void*),
                       kernel_work* w) {
  double plain = 0;
  printf("| %s | ", name);
  for (size_t v = 0; dt_nn_variant(v) != NULL; v++) {
    w->kernels = dt_nn_variant(v);
    if (!w->kernels->is_usable()) {
      printf(" | - ");
      continue;
    }
    w->times = 1;
    const double once = best_of(work, w);
    w->times = once > 1e-3 ? 1 : (int)(1e-3 / (once + 1e-9)) + 1;
    const double each = best_of(work, w) / w->times / per * 1e9;
    if (v == 0)
      printf("%.3g ns %s", plain = each, unit);
    else
      printf(" | %.1f", plain / each);
  }
  printf(" |\n");
}

/* Numbers as whole ones, in steps of 1 / scale. */
static void* whole_of(const float* x, size_t count, float scale) {
  int16_t* whole = aligned_alloc(64, (count * sizeof *whole + 63) / 64 * 64);
  if (whole == NULL)
    die("numbers", "no memory");
  dt_nn_best()->round(x, scale, count, whole);
  return whole;
}

static int8_t* bytes_of(const int16_t* x, size_t count) {
  int8_t* bytes = aligned_alloc(64, (count + 63) / 64 * 64);
  if (bytes == NULL)
    die("numbers", "no memory");
  for (size_t i = 0; i < count; i++)
    bytes[i] = (int8_t)(x[i] > 127 ? 127 : x[i] < -127 ? -127 : x[i]);
  return bytes;
}

static void multiply_line_of(const char* name, size_t frames, size_t rows, size_t segments,
                             size_t segment, size_t row_step, size_t outputs, bool is_whole) {
  const size_t inputs = segments * segment;
  const size_t in_frame = row_step * rows + segment;
  const size_t in_size = (frames + segments) * in_frame;
  const size_t weights_size = dt_nn_weights_size(inputs, outputs);
  kernel_work w = {.matrix = {.inputs = inputs, .outputs = outputs}};
  w.matrix.weights = randoms(weights_size, 1);
  w.matrix.bias = randoms(dt_nn_padded(outputs), 2);
  float* in = randoms(in_size, 3);
  float* out = randoms(frames * rows * outputs, 4);
  int16_t* whole_in = whole_of(in, in_size, 4000);
  int16_t* wide = whole_of(w.matrix.weights, weights_size, 64);
  int8_t* whole = bytes_of(wide, weights_size);
  float* unit = randoms(dt_nn_padded(outputs), 5);
  if (is_whole) {
    w.matrix.whole = whole;
    w.matrix.unit = unit;
  }
  w.rows = (dt_nn_rows){.in = is_whole ? (void*)whole_in : in,
                        .in_frame = in_frame,
                        .in_row = row_step,
                        .in_segment = in_frame,
                        .segments = segments,
                        .segment = segment,
                        .out = out,
                        .out_frame = rows * outputs,
                        .out_row = outputs,
                        .frames = frames,
                        .rows = rows,
                        .relu = true};
  char text[128];
  snprintf(text, sizeof text, "%s%s", name, is_whole ? ", whole numbers" : "");
  print_line(text, "/ 1000", (double)(frames * rows * inputs * outputs) / 1000, run_multiply, &w);
  free(w.matrix.weights);
  free(w.matrix.bias);
  free(in);
  free(out);
  free(whole_in);
  free(wide);
  free(whole);
  free(unit);
}

static void multiply_line(const char* name, size_t frames, size_t rows, size_t segments,
                          size_t segment, size_t row_step, size_t outputs) {
  multiply_line_of(name, frames, rows, segments, segment, row_step, outputs, false);
  multiply_line_of(name, frames, rows, segments, segment + segment % 2, row_step, outputs, true);
}

static void kernel_table(void) {
  printf("| kernel | plain C");
  for (size_t v = 1; dt_nn_variant(v) != NULL; v++)
    printf(" | %s", dt_nn_variant(v)->name);
  printf(" |\n|---|");
  for (size_t v = 0; dt_nn_variant(v) != NULL; v++)
    printf("---:|");
  printf("\n");
  multiply_line("convolution 1 to 16 channels, 3 x 5, 36 bands, 64 frames", 64, 36, 3, 5, 2, 16);
  multiply_line("convolution 16 to 24 channels, 3 x 3, 18 bands, 64 frames", 64, 18, 3, 48, 32, 24);
  multiply_line("convolution 24 to 32 channels, 3 x 3, 9 bands, 64 frames", 64, 9, 3, 72, 48, 32);
  multiply_line("the convolution before, one frame", 1, 9, 3, 72, 48, 32);
  multiply_line("dense 432 to 128, 64 frames", 64, 1, 1, 432, 432, 128);
  multiply_line("dense 432 to 128, one frame", 1, 1, 1, 432, 432, 128);
  multiply_line("gates 96 to 288, one frame", 1, 1, 1, 96, 96, 288);
  kernel_work w = {.x = randoms(1024, 5), .y = randoms(1024, 6), .count = 1024};
  print_line("sigmoid", "each", 1024, run_sigmoid, &w);
  print_line("tanh", "each", 1024, run_tanh, &w);
  print_line("rounding", "each", 1024, run_round, &w);
  w.count = 96;
  print_line("gates of 96 units", "each", 96, run_gates, &w);
  free(w.x);
  free(w.y);
}

static void net_table(dt__net* net) {
  float* features = randoms(FRAMES * DT__NET_INPUTS, 7);
  dt__net_out* out = calloc(FRAMES, sizeof *out);
  if (out == NULL)
    die("answers", "no memory");
  printf(
      "\n| whole network, ms of one core a second of sound | batches | live, frame by frame |\n");
  printf("|---|---:|---:|\n");
  for (size_t v = 0; dt_nn_variant(v) != NULL; v++) {
    net->kernels = dt_nn_variant(v);
    if (!net->kernels->is_usable())
      continue;
    net_work whole = {net, features, out, FRAMES};
    net_work live = {net, features, out, 1};
    const double batch_s = best_of(run_net, &whole);
    const double live_s = best_of(run_net, &live);
    printf("| %s | %.2f | %.2f |\n", net->kernels->name, batch_s * 1e5 / FRAMES,
           live_s * 1e5 / FRAMES);
  }
  free(features);
  free(out);
}

int main(int argc, char** argv) {
  size_t size, used, weights;
  unsigned char* bytes;
  if (argc > 1) {
    bytes = read_file(argv[1], &size);
  } else {
    dt_model_writer w = {.count = 0};
    dt_net_model(&w, &dt_net_usual, SEED);
    bytes = dt_writer_bytes(&w, &size);
    dt_writer_clear(&w);
  }
  dt__net net;
  void* block = net_memory(&net, bytes, size, &used, &weights);
  if (argc == 4) {
    answer_file(&net, argv[2], argv[3]);
  } else {
    printf("Network kernels: how many times as fast as plain C, all with the same bits. Processor "
           "time, best of %d.\n\n",
           RUNS);
    kernel_table();
    net_table(&net);
    printf("\n%s: %zu numbers, file %zu kB, %zu kB in memory; kernels chosen here: %s.\n",
           argc > 1 ? "The model" : "A random model of the usual shape", weights, size / 1000,
           used / 1000, dt_nn_best()->name);
  }
  free(block);
  free(bytes);
  return 0;
}
