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

struct convolver {
  size_t size;   /* a power of two */
  double* turn;  /* size / 2 complex numbers */
  double* room;  /* spectrum */
  double* sound; /* scratch */
};

/* In place; real and imaginary parts alternate. Cooley and Tukey, Mathematics of Computation 19,
 * 1965. Forward only: back is forward with the parts exchanged. */
static void transform(const convolver* c, double* x) {
  for (size_t i = 1, j = 0; i < c->size; i++) {
    size_t bit = c->size / 2;
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
  for (size_t half = 1; half < c->size; half *= 2) {
    size_t stride = c->size / (2 * half);
    for (size_t start = 0; start < c->size; start += 2 * half)
      for (size_t k = 0; k < half; k++) {
        double re_turn = c->turn[2 * k * stride];
        double im_turn = c->turn[2 * k * stride + 1];
        double* a = x + 2 * (start + k);
        double* b = a + 2 * half;
        double re = b[0] * re_turn - b[1] * im_turn;
        double im = b[0] * im_turn + b[1] * re_turn;
        b[0] = a[0] - re;
        b[1] = a[1] - im;
        a[0] += re;
        a[1] += im;
      }
  }
}

/* Rooms are cut to that. */
#define ROOM_MAX_S 3

convolver* convolver_new(size_t sound_count) {
  convolver* c = must(malloc(sizeof *c));
  c->size = 1;
  while (c->size < sound_count + ROOM_MAX_S * SCENE_RATE)
    c->size *= 2;
  c->turn = must(malloc(c->size * sizeof *c->turn));
  c->room = must(malloc(2 * c->size * sizeof *c->room));
  c->sound = must(malloc(2 * c->size * sizeof *c->sound));
  for (size_t k = 0; k < c->size / 2; k++) {
    c->turn[2 * k] = cos(2 * DT_PI * (double)k / (double)c->size);
    c->turn[2 * k + 1] = -sin(2 * DT_PI * (double)k / (double)c->size);
  }
  return c;
}

void convolver_free(convolver* c) {
  free(c->turn);
  free(c->room);
  free(c->sound);
  free(c);
}

void convolver_room(convolver* c, const room* r) {
  memset(c->room, 0, 2 * c->size * sizeof *c->room);
  for (size_t n = 0; n < r->count; n++)
    c->room[2 * n] = (double)r->samples[n];
  transform(c, c->room);
}

void convolver_run(convolver* c, const float* in, float* out, const float* in2, float* out2,
                   size_t count) {
  double* x = c->sound;
  memset(x, 0, 2 * c->size * sizeof *x);
  for (size_t n = 0; n < count; n++) {
    x[2 * n] = (double)in[n];
    x[2 * n + 1] = in2 != NULL ? (double)in2[n] : 0;
  }
  transform(c, x);
  for (size_t k = 0; k < c->size; k++) {
    double re = x[2 * k] * c->room[2 * k] - x[2 * k + 1] * c->room[2 * k + 1];
    double im = x[2 * k] * c->room[2 * k + 1] + x[2 * k + 1] * c->room[2 * k];
    x[2 * k] = im;
    x[2 * k + 1] = re;
  }
  transform(c, x);
  for (size_t n = 0; n < count; n++) {
    out[n] = (float)(x[2 * n + 1] / (double)c->size);
    if (out2 != NULL)
      out2[n] = (float)(x[2 * n] / (double)c->size);
  }
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
