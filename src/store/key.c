#include <string.h>

#include "store_internal.h"

/*
 * Two FNV-1a sums of 64 bits with different starts and primes (Fowler, Noll & Vo; public domain),
 * over the bytes of every number in a fixed order. Enough to notice the same take again; it does
 * not keep out someone who wants two takes to look the same.
 */
typedef struct sums {
  uint64_t a;
  uint64_t b;
} sums;

static void add_bits(sums* s, uint64_t bits) {
  for (int i = 0; i < 8; ++i) {
    const uint64_t byte = (bits >> (8 * i)) & 0xFF;
    s->a = (s->a ^ byte) * 0x100000001B3ULL;
    s->b = (s->b ^ byte) * 0x9E3779B97F4A7C15ULL;
    s->b ^= s->b >> 29;
  }
}

static void add_number(sums* s, double value) {
  const double plain = value + 0.0; /* -0 is 0 */
  uint64_t bits;
  memcpy(&bits, &plain, sizeof(bits));
  add_bits(s, bits);
}

static void add_stroke(sums* s, const dt_stroke* stroke) {
  add_number(s, stroke->time_s);
  add_bits(s, (uint64_t)stroke->drum);
  add_number(s, (double)stroke->velocity);
  add_number(s, (double)stroke->openness);
  add_number(s, (double)stroke->choke_s);
  add_bits(s, (uint64_t)stroke->note);
}

static void add_click(sums* s, const dt_tempo_map* click) {
  add_bits(s, (uint64_t)click->ticks_per_quarter);
  for (size_t i = 0; i < click->tempo_count; ++i) {
    add_bits(s, (uint64_t)click->tempi[i].tick);
    add_number(s, click->tempi[i].us_per_quarter);
  }
  for (size_t i = 0; i < click->meter_count; ++i) {
    add_bits(s, (uint64_t)click->meters[i].tick);
    add_bits(s, (uint64_t)click->meters[i].meter.numerator);
    add_bits(s, (uint64_t)click->meters[i].meter.denominator);
  }
}

void dt__take_key(const dt_take* take, unsigned char key[DT__KEY_SIZE]) {
  sums s = {0xCBF29CE484222325ULL, 0x84222325CBF29CE4ULL};
  add_bits(&s, (uint64_t)take->source);
  add_number(&s, take->duration_s);
  add_bits(&s, take->has_click);
  if (take->has_click)
    add_click(&s, &take->click);
  add_bits(&s, take->strokes.count);
  for (size_t i = 0; i < take->strokes.count; ++i)
    add_stroke(&s, &take->strokes.items[i]);
  for (int i = 0; i < 8; ++i) {
    key[i] = (unsigned char)(s.a >> (8 * i));
    key[8 + i] = (unsigned char)(s.b >> (8 * i));
  }
}
