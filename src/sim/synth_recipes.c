#include "synth.h"

/* clang-format off: one component a line, its numbers in columns. */
#define TONE(p, hz, t60, g)                                                                        \
  { .sound = DT__TONE, .part = DT__##p, .low_hz = (hz), .t60_s = (t60), .gain = (g) }
#define GLIDE(p, hz, t60, g, up, tau)                                                              \
  {                                                                                                \
    .sound = DT__TONE, .part = DT__##p, .low_hz = (hz), .t60_s = (t60), .gain = (g),               \
    .glide = (up), .glide_s = (tau)                                                                \
  }
#define NOISE(p, lo, hi, t60, g)                                                                   \
  {                                                                                                \
    .sound = DT__NOISE, .part = DT__##p, .low_hz = (lo), .high_hz = (hi), .t60_s = (t60),          \
    .gain = (g)                                                                                    \
  }
#define SWELL(p, lo, hi, t60, g, rise)                                                             \
  {                                                                                                \
    .sound = DT__NOISE, .part = DT__##p, .low_hz = (lo), .high_hz = (hi), .t60_s = (t60),          \
    .gain = (g), .rise_s = (rise)                                                                  \
  }
#define BURST(p, lo, hi, t60, g, after)                                                            \
  {                                                                                                \
    .sound = DT__NOISE, .part = DT__##p, .low_hz = (lo), .high_hz = (hi), .t60_s = (t60),          \
    .gain = (g), .delay_s = (after)                                                                \
  }
#define CLUSTER(p, n, lo, hi, t60, t60_high, g)                                                    \
  {                                                                                                \
    .sound = DT__CLUSTER, .part = DT__##p, .low_hz = (lo), .high_hz = (hi), .t60_s = (t60),        \
    .gain = (g), .t60_high_s = (t60_high), .count = (n)                                            \
  }

static const dt__component kick[] = {
    GLIDE(BODY, 54, 0.45, 1.00, 1.5, 0.018), GLIDE(BODY, 103, 0.14, 0.30, 0.6, 0.012),
    NOISE(BODY, 80, 400, 0.06, 0.12),        NOISE(EDGE, 1200, 4500, 0.030, 0.22),
    NOISE(EDGE, 3500, 9000, 0.010, 0.16),
};

static const dt__component snare[] = {
    GLIDE(BODY, 183, 0.20, 0.75, 0.25, 0.010),
    TONE(BODY, 288, 0.15, 0.45),
    TONE(BODY, 417, 0.10, 0.22),
    TONE(BODY, 612, 0.07, 0.14),
    SWELL(BODY, 1500, 8000, 0.20, 0.14, 0.002),
    NOISE(EDGE, 2200, 12000, 0.16, 0.30),
    NOISE(EDGE, 2500, 15000, 0.018, 0.55),
};

static const dt__component cross_stick[] = {
    TONE(BODY, 465, 0.070, 0.45),         TONE(BODY, 1190, 0.055, 1.00),
    TONE(BODY, 1745, 0.045, 0.65),        TONE(BODY, 2670, 0.030, 0.40),
    NOISE(EDGE, 2000, 9000, 0.012, 0.45),
};

static const dt__component rimshot[] = {
    GLIDE(BODY, 186, 0.18, 0.55, 0.30, 0.010),
    TONE(BODY, 292, 0.14, 0.40),
    TONE(BODY, 515, 0.16, 0.70),
    TONE(BODY, 1065, 0.12, 0.50),
    TONE(BODY, 1690, 0.08, 0.35),
    SWELL(BODY, 1500, 8000, 0.20, 0.12, 0.002),
    NOISE(EDGE, 2200, 12000, 0.16, 0.30),
    NOISE(EDGE, 2500, 16000, 0.020, 0.75),
};

static const dt__component snare_brush[] = {
    TONE(BODY, 185, 0.12, 0.20),
    SWELL(BODY, 1200, 7000, 0.18, 0.20, 0.006),
    NOISE(EDGE, 1800, 10000, 0.07, 0.40),
    NOISE(EDGE, 2500, 14000, 0.015, 0.35),
};

static const dt__component hihat_closed[] = {
    CLUSTER(BODY, 16, 420, 3500, 0.040, 0.030, 0.20),
    CLUSTER(BODY, 60, 3500, 15000, 0.110, 0.065, 0.45),
    NOISE(EDGE, 5500, 15000, 0.065, 0.40),
    NOISE(EDGE, 3500, 16000, 0.010, 0.70),
};

static const dt__component hihat_open[] = {
    CLUSTER(BODY, 120, 480, 15000, 0.95, 0.70, 0.80),
    NOISE(BODY, 5000, 14000, 0.60, 0.35),
    NOISE(EDGE, 5000, 15000, 0.10, 0.40),
    NOISE(EDGE, 3500, 16000, 0.012, 0.70),
};

static const dt__component hihat_pedal[] = {
    CLUSTER(BODY, 40, 700, 9000, 0.075, 0.050, 0.55),
    SWELL(BODY, 2500, 9000, 0.055, 0.45, 0.001),
    NOISE(EDGE, 2000, 9000, 0.012, 0.50),
};

#define TOM(hz, long_s)                                                                            \
  {                                                                                                \
    GLIDE(BODY, hz, long_s, 1.00, 0.35, 0.035),                                                    \
        GLIDE(BODY, (hz)*1.593, (long_s)*0.45, 0.30, 0.30, 0.030),                                 \
        TONE(BODY, (hz)*2.136, (long_s)*0.25, 0.16), NOISE(BODY, 150, 900, 0.07, 0.08),            \
        NOISE(EDGE, 1200, 7000, 0.020, 0.30), NOISE(EDGE, 3000, 10000, 0.007, 0.22),               \
  }

static const dt__component tom_high[] = TOM(186, 0.50);
static const dt__component tom_mid[] = TOM(136, 0.65);
static const dt__component tom_low[] = TOM(92, 0.85);

static const dt__component ride[] = {
    CLUSTER(BODY, 110, 380, 13000, 2.6, 0.9, 0.30),
    TONE(BODY, 2310, 0.60, 0.10),
    TONE(BODY, 3620, 0.50, 0.16),
    TONE(BODY, 5180, 0.40, 0.12),
    CLUSTER(EDGE, 40, 2500, 12000, 0.30, 0.15, 0.45),
    NOISE(EDGE, 4000, 14000, 0.012, 0.50),
};

static const dt__component ride_bell[] = {
    TONE(BODY, 812, 1.40, 0.50),           TONE(BODY, 1954, 1.20, 0.60),
    TONE(BODY, 3226, 0.95, 0.55),          TONE(BODY, 4467, 0.75, 0.35),
    TONE(BODY, 5911, 0.55, 0.25),          CLUSTER(BODY, 70, 500, 12000, 2.2, 0.8, 0.16),
    NOISE(EDGE, 3500, 13000, 0.012, 0.45),
};

static const dt__component crash[] = {
    CLUSTER(BODY, 200, 280, 15000, 2.8, 1.3, 0.60),
    SWELL(BODY, 3000, 15000, 0.90, 0.30, 0.008),
    NOISE(EDGE, 2500, 16000, 0.25, 0.45),
    NOISE(EDGE, 3000, 16000, 0.015, 0.50),
};

static const dt__component splash[] = {
    CLUSTER(BODY, 110, 650, 16000, 0.80, 0.50, 0.60),
    NOISE(EDGE, 3500, 16000, 0.20, 0.45),
    NOISE(EDGE, 4000, 16000, 0.012, 0.50),
};

static const dt__component china[] = {
    CLUSTER(BODY, 140, 240, 11000, 1.30, 0.60, 0.60),
    SWELL(BODY, 1200, 9000, 0.45, 0.40, 0.004),
    NOISE(EDGE, 1800, 12000, 0.15, 0.50),
    NOISE(EDGE, 2500, 14000, 0.015, 0.50),
};

static const dt__component cowbell[] = {
    TONE(BODY, 562, 0.32, 0.80),  TONE(BODY, 845, 0.26, 0.75),
    TONE(BODY, 1690, 0.14, 0.30), TONE(BODY, 2248, 0.10, 0.22),
    TONE(BODY, 3380, 0.07, 0.14), NOISE(EDGE, 2500, 9000, 0.010, 0.35),
};

static const dt__component tambourine[] = {
    CLUSTER(BODY, 50, 4500, 15000, 0.30, 0.16, 0.50),
    NOISE(EDGE, 5000, 16000, 0.03, 0.60),
    BURST(EDGE, 5000, 16000, 0.05, 0.35, 0.021),
    BURST(EDGE, 5000, 16000, 0.12, 0.25, 0.046),
};

static const dt__component clap[] = {
    NOISE(EDGE, 800, 6000, 0.012, 0.80),
    BURST(EDGE, 800, 5000, 0.014, 0.70, 0.010),
    BURST(EDGE, 800, 5000, 0.016, 0.70, 0.021),
    BURST(BODY, 800, 4000, 0.160, 0.60, 0.031),
};

static const dt__component click[] = {
    TONE(BODY, 1620, 0.045, 0.80),
    TONE(BODY, 3260, 0.025, 0.40),
    NOISE(EDGE, 2500, 10000, 0.005, 0.40),
};

#define RECIPE(loud, list)                                                                         \
  { .peak = (loud), .components = (list), .component_count = sizeof(list) / sizeof *(list) }

static const dt__recipe recipes[DT_DRUM_COUNT] = {
    [DT_KICK] = RECIPE(0.36, kick),
    [DT_SNARE] = RECIPE(0.34, snare),
    [DT_CROSS_STICK] = RECIPE(0.22, cross_stick),
    [DT_RIMSHOT] = RECIPE(0.38, rimshot),
    [DT_SNARE_BRUSH] = RECIPE(0.14, snare_brush),
    [DT_HIHAT] = RECIPE(0.14, hihat_closed),
    [DT_HIHAT_CLOSED] = RECIPE(0.14, hihat_closed),
    [DT_HIHAT_OPEN] = RECIPE(0.17, hihat_open),
    [DT_HIHAT_PEDAL] = RECIPE(0.11, hihat_pedal),
    [DT_TOM_HIGH] = RECIPE(0.30, tom_high),
    [DT_TOM_MID] = RECIPE(0.32, tom_mid),
    [DT_TOM_LOW] = RECIPE(0.34, tom_low),
    [DT_RIDE] = RECIPE(0.16, ride),
    [DT_RIDE_BELL] = RECIPE(0.20, ride_bell),
    [DT_CRASH] = RECIPE(0.26, crash),
    [DT_SPLASH] = RECIPE(0.20, splash),
    [DT_CHINA] = RECIPE(0.24, china),
    [DT_COWBELL] = RECIPE(0.20, cowbell),
    [DT_TAMBOURINE] = RECIPE(0.15, tambourine),
    [DT_CLAP] = RECIPE(0.24, clap),
    [DT_DRUM_OTHER] = RECIPE(0.30, click),
};
/* clang-format on */

const dt__recipe* dt__recipe_of(dt_drum drum) {
  return &recipes[drum];
}
