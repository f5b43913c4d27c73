#include "synth.h"

/* One component a line, its numbers in columns. */
/* clang-format off */
#define COMPONENT(s, p, low, high, t60, g) \
  .sound = (s), .part = (p), .low_hz = (low), .high_hz = (high), .t60_s = (t60), .gain = (g)

#define TONE(p, hz, t60, g)           {COMPONENT(DT__TONE, DT__##p, hz, 0, t60, g)}
#define GLIDE(p, hz, t60, g, up, tau) {COMPONENT(DT__TONE, DT__##p, hz, 0, t60, g), .glide = (up), .glide_s = (tau)}
#define NOISE(p, lo, hi, t60, g)      {COMPONENT(DT__NOISE, DT__##p, lo, hi, t60, g)}
#define SWELL(p, lo, hi, t60, g, up)  {COMPONENT(DT__NOISE, DT__##p, lo, hi, t60, g), .rise_s = (up)}
#define AFTER(p, lo, hi, t60, g, s)   {COMPONENT(DT__NOISE, DT__##p, lo, hi, t60, g), .delay_s = (s)}
/* Stick or beater and drum meet: the one moment that is alike in all strokes. Part of the edge for a
 * skin, of the body for a plate, whose soft strokes too begin with it. */
#define CONTACT(p, hz, g)             TONE(p, hz, 0.003, g)
#define CLUSTER(p, n, lo, hi, t60, t60_high, g) \
  {COMPONENT(DT__CLUSTER, DT__##p, lo, hi, t60, g), .t60_high_s = (t60_high), .count = (n)}

static const dt__component kick[] = {
  CONTACT(EDGE, 2600, 0.20),
  GLIDE(BODY, 54, 0.42, 1.00, 1.5, 0.018),
  GLIDE(BODY, 103, 0.14, 0.34, 0.6, 0.012),
  NOISE(BODY, 80, 400, 0.09, 0.14),
  NOISE(BODY, 300, 2500, 0.18, 0.014),
  NOISE(EDGE, 900, 4500, 0.030, 0.20),
  NOISE(EDGE, 3500, 9000, 0.010, 0.14),
};

static const dt__component snare[] = {
  CONTACT(EDGE, 4200, 0.40),
  GLIDE(BODY, 183, 0.26, 0.80, 0.25, 0.010),
  TONE(BODY, 288, 0.20, 0.45),
  TONE(BODY, 417, 0.14, 0.26),
  TONE(BODY, 612, 0.11, 0.18),
  SWELL(BODY, 700, 7500, 0.36, 0.18, 0.002),
  NOISE(EDGE, 900, 9000, 0.22, 0.15),
  NOISE(EDGE, 1500, 13000, 0.018, 0.42),
};

static const dt__component cross_stick[] = {
  CONTACT(EDGE, 4600, 0.40),
  TONE(BODY, 236, 0.130, 0.32),
  TONE(BODY, 465, 0.120, 0.45),
  TONE(BODY, 1190, 0.100, 0.85),
  TONE(BODY, 1745, 0.080, 0.55),
  TONE(BODY, 2670, 0.060, 0.35),
  NOISE(BODY, 800, 7000, 0.200, 0.05),
  NOISE(EDGE, 2000, 10000, 0.012, 0.45),
};

static const dt__component rimshot[] = {
  CONTACT(EDGE, 4400, 0.50),
  GLIDE(BODY, 186, 0.24, 0.60, 0.30, 0.010),
  TONE(BODY, 292, 0.20, 0.40),
  TONE(BODY, 515, 0.18, 0.60),
  TONE(BODY, 1065, 0.15, 0.42),
  TONE(BODY, 1690, 0.11, 0.30),
  SWELL(BODY, 700, 7500, 0.34, 0.15, 0.002),
  NOISE(EDGE, 900, 9000, 0.22, 0.16),
  NOISE(EDGE, 1500, 14000, 0.020, 0.60),
};

static const dt__component snare_brush[] = {
  CONTACT(EDGE, 4800, 0.30),
  GLIDE(BODY, 185, 0.16, 0.45, 0.15, 0.010),
  TONE(BODY, 290, 0.12, 0.20),
  SWELL(BODY, 700, 7000, 0.26, 0.16, 0.006),
  NOISE(EDGE, 1200, 9000, 0.09, 0.22),
  NOISE(EDGE, 2000, 12000, 0.015, 0.28),
};

static const dt__component hihat_closed[] = {
  CONTACT(BODY, 6900, 0.60),
  TONE(BODY, 318, 0.050, 0.05),
  CLUSTER(BODY, 16, 420, 3500, 0.080, 0.080, 0.16),
  CLUSTER(BODY, 70, 3500, 17500, 0.200, 0.240, 0.32),
  NOISE(BODY, 6000, 17000, 0.200, 0.15),
  NOISE(EDGE, 5500, 17000, 0.090, 0.36),
  NOISE(EDGE, 3000, 17000, 0.010, 0.60),
};

static const dt__component hihat_open[] = {
  CONTACT(BODY, 6600, 0.90),
  CLUSTER(BODY, 130, 480, 17500, 1.00, 1.00, 0.70),
  NOISE(BODY, 5000, 16000, 0.80, 0.35),
  NOISE(EDGE, 5000, 17000, 0.12, 0.45),
  NOISE(EDGE, 3500, 17000, 0.012, 0.70),
};

static const dt__component hihat_pedal[] = {
  CONTACT(BODY, 5200, 0.45),
  TONE(BODY, 96, 0.090, 0.30),
  TONE(BODY, 240, 0.060, 0.14),
  CLUSTER(BODY, 40, 600, 9000, 0.130, 0.110, 0.40),
  SWELL(BODY, 2500, 14000, 0.150, 0.30, 0.001),
  NOISE(EDGE, 2000, 11000, 0.014, 0.50),
};

#define TOM(hz, long_s) {                                        \
  CONTACT(EDGE, 2900, 0.26),                                     \
  GLIDE(BODY, hz, long_s, 1.00, 0.30, 0.035),                    \
  GLIDE(BODY, (hz) * 1.593, (long_s) * 0.50, 0.34, 0.25, 0.030), \
  TONE(BODY, (hz) * 2.136, (long_s) * 0.30, 0.20),               \
  NOISE(BODY, 150, 900, 0.16, 0.07),                             \
  NOISE(BODY, 500, 4000, 0.25, 0.014),                           \
  NOISE(EDGE, 900, 6000, 0.028, 0.34),                           \
  NOISE(EDGE, 3000, 10000, 0.008, 0.26),                         \
}

static const dt__component tom_high[] = TOM(182, 0.80);
static const dt__component tom_mid[] = TOM(134, 1.00);
static const dt__component tom_low[] = TOM(92, 1.20);

static const dt__component ride[] = {
  CONTACT(BODY, 6100, 0.60),
  CLUSTER(BODY, 36, 330, 2600, 3.0, 2.2, 0.14),
  CLUSTER(BODY, 110, 2600, 17000, 2.2, 1.0, 0.26),
  TONE(BODY, 3620, 0.60, 0.08),
  TONE(BODY, 5180, 0.50, 0.10),
  CLUSTER(EDGE, 60, 3000, 17500, 0.40, 0.25, 0.45),
  NOISE(EDGE, 5000, 17500, 0.014, 0.60),
};

static const dt__component ride_bell[] = {
  CONTACT(BODY, 5600, 0.50),
  TONE(BODY, 812, 2.20, 0.30),
  TONE(BODY, 1954, 2.00, 0.42),
  TONE(BODY, 3226, 1.70, 0.60),
  TONE(BODY, 4467, 1.40, 0.45),
  TONE(BODY, 5911, 1.00, 0.32),
  TONE(BODY, 7730, 0.70, 0.20),
  CLUSTER(BODY, 90, 400, 15000, 2.6, 1.0, 0.20),
  CLUSTER(EDGE, 40, 5000, 17000, 0.25, 0.15, 0.45),
  NOISE(EDGE, 3500, 16000, 0.012, 0.50),
};

static const dt__component crash[] = {
  CONTACT(BODY, 5000, 1.10),
  CLUSTER(BODY, 220, 280, 16500, 3.4, 2.0, 0.60),
  SWELL(BODY, 3000, 16000, 1.20, 0.30, 0.008),
  NOISE(EDGE, 1500, 16000, 0.25, 0.45),
  NOISE(EDGE, 3000, 16000, 0.015, 0.50),
};

static const dt__component splash[] = {
  CONTACT(BODY, 5900, 0.60),
  CLUSTER(BODY, 120, 500, 16500, 1.50, 1.10, 0.60),
  NOISE(EDGE, 2500, 16000, 0.20, 0.45),
  NOISE(EDGE, 4000, 16000, 0.012, 0.50),
};

static const dt__component china[] = {
  CONTACT(BODY, 4700, 1.20),
  CLUSTER(BODY, 140, 700, 13000, 1.80, 1.10, 0.60),
  SWELL(BODY, 1200, 9000, 0.60, 0.40, 0.004),
  NOISE(EDGE, 1500, 13000, 0.15, 0.50),
  NOISE(EDGE, 2500, 14000, 0.015, 0.50),
};

static const dt__component cowbell[] = {
  CONTACT(EDGE, 5100, 0.30),
  TONE(BODY, 562, 0.32, 0.80),
  TONE(BODY, 845, 0.26, 0.75),
  TONE(BODY, 1690, 0.14, 0.34),
  TONE(BODY, 2248, 0.12, 0.26),
  TONE(BODY, 3380, 0.10, 0.20),
  TONE(BODY, 5120, 0.07, 0.14),
  NOISE(EDGE, 2500, 11000, 0.010, 0.40),
};

static const dt__component tambourine[] = {
  CONTACT(BODY, 7000, 0.60),
  CLUSTER(BODY, 50, 4500, 16500, 0.36, 0.26, 0.50),
  NOISE(EDGE, 5000, 17000, 0.03, 0.60),
  AFTER(EDGE, 5000, 17000, 0.05, 0.35, 0.021),
  AFTER(EDGE, 5000, 17000, 0.14, 0.25, 0.046),
};

static const dt__component clap[] = {
  CONTACT(EDGE, 3400, 0.70),
  NOISE(EDGE, 600, 6000, 0.016, 0.80),
  AFTER(EDGE, 600, 5000, 0.016, 0.60, 0.010),
  AFTER(EDGE, 600, 5000, 0.018, 0.60, 0.021),
  AFTER(BODY, 600, 5000, 0.260, 0.50, 0.031),
};

static const dt__component click[] = {
  CONTACT(EDGE, 5400, 0.30),
  TONE(BODY, 1620, 0.045, 0.80),
  TONE(BODY, 3260, 0.025, 0.40),
  NOISE(EDGE, 2500, 10000, 0.005, 0.40),
};

#define RECIPE(loud, list) \
  {.peak = (loud), .components = (list), .component_count = sizeof(list) / sizeof *(list)}

static const dt__recipe recipes[DT_DRUM_COUNT] = {
  [DT_KICK]         = RECIPE(0.36, kick),
  [DT_SNARE]        = RECIPE(0.34, snare),
  [DT_CROSS_STICK]  = RECIPE(0.22, cross_stick),
  [DT_RIMSHOT]      = RECIPE(0.38, rimshot),
  [DT_SNARE_BRUSH]  = RECIPE(0.14, snare_brush),
  [DT_HIHAT]        = RECIPE(0.14, hihat_closed),
  [DT_HIHAT_CLOSED] = RECIPE(0.14, hihat_closed),
  [DT_HIHAT_OPEN]   = RECIPE(0.17, hihat_open),
  [DT_HIHAT_PEDAL]  = RECIPE(0.11, hihat_pedal),
  [DT_TOM_HIGH]     = RECIPE(0.30, tom_high),
  [DT_TOM_MID]      = RECIPE(0.32, tom_mid),
  [DT_TOM_LOW]      = RECIPE(0.34, tom_low),
  [DT_RIDE]         = RECIPE(0.16, ride),
  [DT_RIDE_BELL]    = RECIPE(0.20, ride_bell),
  [DT_CRASH]        = RECIPE(0.26, crash),
  [DT_SPLASH]       = RECIPE(0.20, splash),
  [DT_CHINA]        = RECIPE(0.24, china),
  [DT_COWBELL]      = RECIPE(0.20, cowbell),
  [DT_TAMBOURINE]   = RECIPE(0.15, tambourine),
  [DT_CLAP]         = RECIPE(0.24, clap),
  [DT_DRUM_OTHER]   = RECIPE(0.30, click),
};
/* clang-format on */

const dt__recipe* dt__recipe_of(dt_drum drum) {
  return &recipes[drum];
}
