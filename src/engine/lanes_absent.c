#include "lanes.h"

/* Without FluidSynth at build time. */
dt_status dt__lanes_new(dt__lanes** lanes, const dt_allocator* allocator, const char* soundfont,
                        int rate_hz, dt_error* err) {
  (void)allocator;
  (void)soundfont;
  (void)rate_hz;
  *lanes = NULL;
  return dt_fail(err, DT_UNSUPPORTED,
                 "This doubletime was built without FluidSynth, which plays the band");
}

void dt__lanes_free(dt__lanes* lanes) {
  (void)lanes;
}

void dt__lanes_reset(dt__lanes* lanes) {
  (void)lanes;
}

void dt__lanes_message(dt__lanes* lanes, int offset, int status, int data1, int data2) {
  (void)lanes;
  (void)offset;
  (void)status;
  (void)data1;
  (void)data2;
}

void dt__lanes_render(dt__lanes* lanes, float out[DT__LANE_BLOCK]) {
  (void)lanes;
  (void)out;
}

long long dt__lanes_inexact(const dt__lanes* lanes) {
  (void)lanes;
  return 0;
}
