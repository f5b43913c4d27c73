#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dt/codec.h"
#include "dt/stat.h"
#include "ear_scene.h"

static void* must(void* block) {
  if (block == NULL)
    exit(1);
  return block;
}

/* In place, size a power of two; sign -1 forward, +1 back (not divided by size). re and im
 * alternate. Cooley and Tukey, Mathematics of Computation 19, 1965. */
static void transform(double* x, size_t size, double sign) {
  for (size_t i = 1, j = 0; i < size; i++) {
    size_t bit = size / 2;
    for (; j & bit; bit /= 2)
      j ^= bit;
    j ^= bit;
    if (i < j)
      for (size_t part = 0; part < 2; part++) {
        double kept = x[2 * i + part];
        x[2 * i + part] = x[2 * j + part];
        x[2 * j + part] = kept;
      }
  }
  double* turn = must(malloc(size * sizeof *turn));
  for (size_t k = 0; k < size / 2; k++) {
    turn[2 * k] = cos(2 * DT_PI * (double)k / (double)size);
    turn[2 * k + 1] = sign * sin(2 * DT_PI * (double)k / (double)size);
  }
  for (size_t half = 1; half < size; half *= 2) {
    size_t stride = size / (2 * half);
    for (size_t start = 0; start < size; start += 2 * half)
      for (size_t k = 0; k < half; k++) {
        double c = turn[2 * k * stride];
        double s = turn[2 * k * stride + 1];
        double* a = x + 2 * (start + k);
        double* b = a + 2 * half;
        double re = b[0] * c - b[1] * s;
        double im = b[0] * s + b[1] * c;
        b[0] = a[0] - re;
        b[1] = a[1] - im;
        a[0] += re;
        a[1] += im;
      }
  }
  free(turn);
}

struct convolver {
  double* spectrum;
  size_t size;
};

/* Rooms are at most that long. */
#define ROOM_MAX_S 6

static double* spectrum_of(const float* samples, size_t count, size_t size) {
  double* x = must(calloc(2 * size, sizeof *x));
  for (size_t n = 0; n < count && n < size; n++)
    x[2 * n] = (double)samples[n];
  transform(x, size, -1);
  return x;
}

convolver* convolver_new(const scene* s) {
  convolver* c = must(malloc(sizeof *c));
  c->size = 1;
  while (c->size < s->count + ROOM_MAX_S * (size_t)s->rate_hz)
    c->size *= 2;
  c->spectrum = spectrum_of(s->samples, s->count, c->size);
  return c;
}

void convolver_free(convolver* c) {
  free(c->spectrum);
  free(c);
}

void convolver_run(const convolver* c, const room* r, float* out, size_t count) {
  double* x = spectrum_of(r->samples, r->count, c->size);
  for (size_t k = 0; k < c->size; k++) {
    double re = x[2 * k] * c->spectrum[2 * k] - x[2 * k + 1] * c->spectrum[2 * k + 1];
    double im = x[2 * k] * c->spectrum[2 * k + 1] + x[2 * k + 1] * c->spectrum[2 * k];
    x[2 * k] = re;
    x[2 * k + 1] = im;
  }
  transform(x, c->size, 1);
  for (size_t n = 0; n < count; n++)
    out[n] = (float)(x[2 * n] / (double)c->size);
  free(x);
}

static bool room_read(room* r, const char* path) {
  dt_sound_info info;
  dt_sound* sound = dt_sound_open(path, &info, NULL);
  size_t capacity = ROOM_MAX_S * SCENE_RATE;
  r->samples = must(calloc(capacity, sizeof *r->samples));
  ptrdiff_t got = 0;
  while (sound != NULL && info.rate_hz == SCENE_RATE && r->count < capacity &&
         (got = dt_sound_read(sound, r->samples + r->count, capacity - r->count, NULL)) > 0)
    r->count += (size_t)got;
  dt_sound_close(sound);
  if (r->count == 0) {
    fprintf(stderr, "%s: cannot be read as a room\n", path);
    free(r->samples);
  }
  return r->count > 0;
}

rooms rooms_read(const char* data) {
  rooms all = {0};
  char path[1200];
  snprintf(path, sizeof path, "%s/rooms/rooms.csv", data != NULL ? data : "");
  FILE* file = data != NULL ? fopen(path, "r") : NULL;
  char line[512];
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    room one = {0};
    char name[64];
    if (sscanf(line, "%63[^,],%*f,%lf", name, &one.direct_s) != 2)
      continue; /* the heading */
    snprintf(path, sizeof path, "%s/rooms/%s", data, name);
    snprintf(one.name, sizeof one.name, "%.*s", (int)strcspn(name, "."), name);
    if (!room_read(&one, path))
      continue;
    all.items = must(realloc(all.items, (all.count + 1) * sizeof *all.items));
    all.items[all.count++] = one;
  }
  if (file != NULL)
    fclose(file);
  return all;
}

void rooms_clear(rooms* r) {
  for (size_t i = 0; i < r->count; i++)
    free(r->items[i].samples);
  free(r->items);
  memset(r, 0, sizeof *r);
}
